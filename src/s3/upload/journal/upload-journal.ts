import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { OpenFile } from '../../../file-system.js';
import { GROUP_AND_WORLD, isSameFile, PRIVATE_FILE, PRIVATE_FOLDER } from '../../../file-system.js';
import { systemFiles } from '../../../files/heads/system-files.js';
import type { JournalHead, JournalText } from './journal-text.js';
import { claimLine, headLine, parseJournal } from './journal-text.js';

/** Another file may take the name between `open` and `lock`, but hardly every time. */
const MOST_TRIES = 5;
/** Milliseconds between requests for a lock: a listing holds each lock only while it reads. */
const LOCK_PAUSE = 20;
const MOST_LOCK_REQUESTS = 10;
const NAME = /^[0-9a-f]{64}\.jsonl$/;
/** The claims of 10,000 parts, and the head with the largest preamble. */
const LARGEST_JOURNAL = 2_097_152;

/** The destination of an upload, which identifies its journal. */
export interface JournalPlace {
  readonly bucket: string;
  readonly key: string;
  /** Of a server that is not Amazon's. */
  readonly endpoint: string | undefined;
}

/** A journal in a folder. */
export interface ListedJournal {
  readonly text: JournalText;
  /** Whether the process that writes it still runs. */
  readonly isInUse: boolean;
}

/**
 * The record of an upload in progress, by which a later process can resume it: one file per destination, used by one
 * process at a time (flock). Its content is durable when a call has resolved.
 */
export class UploadJournal {
  readonly #folder: string;
  readonly #path: string;
  readonly #file: OpenFile;
  #length: number;
  /** The record of an earlier process. */
  readonly previous: JournalText | undefined;

  /**
   * @returns undefined if another process has the journal, if locks are not supported here, or if other users may read
   * or write it
   * @throws (rejects) the error of the system
   */
  static async open(folder: string, place: JournalPlace): Promise<UploadJournal | undefined> {
    await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
    const path = join(folder, nameOf(place));
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const file = await openOrCreate(path);
      const found = file && (await held(path, file));
      if (found === 'theirs') {
        await file!.close();
        return undefined;
      }
      if (found === 'ours') return new UploadJournal(folder, path, file!, await readAll(file!));
      await file?.close();
    }
    return undefined;
  }

  /**
   * The content of the journals in a folder, and which of them another process is using.
   *
   * @throws (rejects) the error of the system
   */
  static async all(folder: string): Promise<readonly ListedJournal[]> {
    const names = await systemFiles.names(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    const listed: ListedJournal[] = [];
    for (const name of names.filter((one) => NAME.test(one)).sort()) {
      const file = await openOrCreate(join(folder, name), false);
      if (file === undefined) continue;
      try {
        const text = parseJournal(await readAll(file));
        if (text !== undefined) listed.push({ text, isInUse: file.lock() === 'held' });
      } finally {
        await file.close();
      }
    }
    return listed;
  }

  private constructor(folder: string, path: string, file: OpenFile, bytes: Buffer) {
    this.#folder = folder;
    this.#path = path;
    this.#file = file;
    this.#length = bytes.length;
    this.previous = parseJournal(bytes);
  }

  /** Replaces the content by the record of a new upload. */
  async begin(head: JournalHead): Promise<void> {
    await this.#file.truncate(0);
    this.#length = 0;
    await this.#append(headLine(head));
    await this.#file.sync();
    await systemFiles.syncFolder(this.#folder);
  }

  /** Continues after the last whole line of an earlier process. */
  async goOn({ wholeBytes }: JournalText): Promise<void> {
    await this.#file.truncate(wholeBytes);
    this.#length = wholeBytes;
  }

  /** Records the claim of a part. Called before its first frame is sealed. */
  async claim(part: number, digest: Uint8Array): Promise<void> {
    await this.#append(claimLine(part, digest));
    await this.#file.datasync();
  }

  /** Removes the journal: the upload has ended and left nothing. */
  async end(): Promise<void> {
    await systemFiles.unlink(this.#path);
    await this.#file.close();
  }

  /** Closes the journal and leaves it for a later process. */
  async leave(): Promise<void> {
    await this.#file.close();
  }

  async #append(text: string): Promise<void> {
    for (let bytes = Buffer.from(text); bytes.length > 0; ) {
      const taken = await this.#file.write(bytes, this.#length);
      this.#length += taken;
      bytes = bytes.subarray(taken);
    }
  }
}

/** The name of the journal, which does not reveal the destination. */
function nameOf({ bucket, key, endpoint = '' }: JournalPlace): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([endpoint, bucket, key]))
    .digest('hex');
  return `${digest}.jsonl`;
}

async function openOrCreate(path: string, mayCreate = true): Promise<OpenFile | undefined> {
  const create = mayCreate && (await systemFiles.facts(path)) === undefined;
  try {
    // Whoever may remove lines can cause frames to be sealed twice.
    return await systemFiles.open(path, { access: 'read-write', ...(create && { create: PRIVATE_FILE }) });
  } catch (error) {
    // It was created or removed in between.
    if (['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** Whether this process has locked the file, and the name still leads to it. */
async function held(path: string, file: OpenFile): Promise<'ours' | 'theirs' | 'gone'> {
  let lock = file.lock();
  for (let requests = 1; lock === 'held' && requests < MOST_LOCK_REQUESTS; requests++) {
    await setTimeout(LOCK_PAUSE);
    lock = file.lock();
  }
  if (lock === 'held') return 'theirs';
  const [mine, named] = [await file.facts(), await systemFiles.facts(path)];
  if (named === undefined || !isSameFile(mine, named)) return 'gone';
  const isPrivate =
    mine.kind === 'file' && (mine.mode & GROUP_AND_WORLD) === 0 && mine.owner === process.getuid?.();
  return lock === 'locked' && isPrivate ? 'ours' : 'theirs';
}

async function readAll(file: OpenFile): Promise<Buffer> {
  const { size } = await file.facts();
  if (size > LARGEST_JOURNAL) return Buffer.alloc(0);
  const bytes = Buffer.alloc(size);
  let length = 0;
  while (length < size) {
    const read = await file.read(bytes.subarray(length), length);
    if (read === 0) break;
    length += read;
  }
  return bytes.subarray(0, length);
}
