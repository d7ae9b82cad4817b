/*
 * The file of acknowledgement: what a writer has acknowledged as durable last. It lies beside the segments of its archive,
 * so that what is lost there, or put back from an older copy, is noticed at the next start.
 */
import type { FileSystem } from '../../file-system.js';
import { parseAcknowledgement } from '../archive/checkpoint.js';
import type { SegmentPlace } from '../units/control-record.js';
import { readSector, SectorFile } from './sector-file.js';

/** What was acknowledged: of one segment up to a place in it. */
export interface Acknowledgement extends SegmentPlace {
  /** SHA-256 of the segment up to there, as the next one would name it (FORMAT 8), in hex; empty if it is not known. */
  readonly digest: string;
}

/** What was acknowledged last; undefined if nothing was, or if the file is damaged: then it says nothing. */
export async function readAcknowledgement(
  files: FileSystem,
  folder: string,
): Promise<Acknowledgement | undefined> {
  const text = await readSector(files, folder, 'acknowledged');
  try {
    if (text === undefined) return undefined;
    const place = parseAcknowledgement(text);
    const { digest } = JSON.parse(text) as { digest?: unknown };
    return { ...place, digest: typeof digest === 'string' ? digest : '' };
  } catch {
    return undefined;
  }
}

/** Keeps what a writer acknowledges. */
export class AcknowledgementFile {
  readonly #sector: SectorFile;

  /** @param folder of the archive */
  constructor(files: FileSystem, folder: string) {
    this.#sector = new SectorFile(files, folder, 'acknowledged');
  }

  /** Durable once this resolves. @throws (rejects) the error of the system; the file is then made anew the next time */
  keep({ index, offset, records, digest }: Acknowledgement): Promise<void> {
    return this.#sector.keep({ index, offset, records, digest });
  }

  close(): Promise<void> {
    return this.#sector.close();
  }
}
