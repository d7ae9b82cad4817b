/*
 * The file of acknowledgement: one sector that says what a writer has acknowledged as durable last, written in place and
 * made durable after that and before anybody is told. It lies beside the folder of its archive, so that what is lost
 * there, or put back from an older copy, is noticed at the next start.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { FileSystem, OpenFile } from '../../file-system.js';
import { readAt, writeAt } from '../../files/heads/positioned.js';
import { parseAcknowledgement } from '../archive/checkpoint.js';
import type { SegmentPlace } from '../units/control-record.js';

/** What was acknowledged: of one segment up to a place in it. */
export interface Acknowledgement extends SegmentPlace {
  /** SHA-256 of the segment up to there, as the next one would name it (FORMAT 8), in hex; empty if it is not known. */
  readonly digest: string;
}

const PRIVATE = 0o600;
/** A disk writes so much as one. */
const SECTOR_SIZE = 512;

/** Where it lies. @param folder of the archive */
export function acknowledgementPath(folder: string): string {
  return join(folder, 'acknowledged');
}

/** What was acknowledged last; undefined if nothing was, or if the file is damaged: then it says nothing. */
export async function readAcknowledgement(
  files: FileSystem,
  folder: string,
): Promise<Acknowledgement | undefined> {
  const path = acknowledgementPath(folder);
  if ((await files.facts(path)) === undefined) return undefined;
  const file = await files.open(path, { access: 'read' });
  try {
    const text = Buffer.from(await readAt(file, Buffer.alloc(SECTOR_SIZE), 0)).toString('utf8');
    return parsed(text);
  } finally {
    await file.close();
  }
}

function parsed(text: string): Acknowledgement | undefined {
  try {
    const place = parseAcknowledgement(text);
    const { digest } = JSON.parse(text) as { digest?: unknown };
    return { ...place, digest: typeof digest === 'string' ? digest : '' };
  } catch {
    return undefined;
  }
}

/** Keeps what a writer acknowledges. */
export class AcknowledgementFile {
  readonly #files: FileSystem;
  readonly #folder: string;
  #file: OpenFile | undefined;

  constructor(files: FileSystem, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  /** Durable once this resolves. @throws (rejects) the error of the system; the file is then made anew the next time */
  async keep(acknowledgement: Acknowledgement): Promise<void> {
    const sector = encoded(acknowledgement);
    if (this.#file === undefined) {
      this.#file = await this.#make(sector);
      return;
    }
    try {
      await writeAt(this.#file, sector, 0);
      await this.#file.datasync();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => undefined);
  }

  /** A whole file takes the name, so that no power cut leaves a part of one. */
  async #make(sector: Buffer): Promise<OpenFile> {
    const path = acknowledgementPath(this.#folder);
    const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`;
    const file = await this.#files.open(temporary, { access: 'read-write', create: PRIVATE });
    try {
      await writeAt(file, sector, 0);
      await file.sync();
      await this.#files.rename(temporary, path);
      await this.#files.syncFolder(this.#folder);
      return file;
    } catch (error) {
      await file.close().catch(() => undefined);
      await this.#files.unlink(temporary).catch(() => undefined);
      throw error;
    }
  }
}

/** Whether a name in the folder of an archive is that of a file of acknowledgement which is not whole yet. */
export function isUnfinishedAcknowledgement(name: string): boolean {
  return /^acknowledged\.[0-9a-f]{16}\.tmp$/.test(name);
}

function encoded({ index, offset, records, digest }: Acknowledgement): Buffer {
  const text = JSON.stringify({ index, offset, records, digest });
  return Buffer.from(`${text.padEnd(SECTOR_SIZE - 1)}\n`);
}
