import { randomBytes } from 'node:crypto';
import type { OpenFile } from '../../../file-system.js';
import { readAt, writeAt } from '../../../files/heads/positioned.js';
import type { ProcessIdentity } from './process-identity.js';

/** The content of a lock file. */
export interface LockRecord extends ProcessIdentity {
  readonly version: 1;
  /** How the lock is held: by a lock of the open file, by this record, or not any more. */
  readonly held: 'descriptor' | 'file' | 'free';
  /** The id of this acquisition. */
  readonly nonce: string;
}

/** The unit in which a disk writes: a power cut leaves the old record or the new one. */
const RECORD_SIZE = 512;

/** A record that was never used. */
export function newRecord(own: ProcessIdentity, held: LockRecord['held']): LockRecord {
  return { version: 1, held, ...own, nonce: randomBytes(16).toString('hex') };
}

/** JSON, padded with spaces to the length of a record. */
export function encodeRecord(record: LockRecord): Buffer {
  return Buffer.from(`${JSON.stringify(record).padEnd(RECORD_SIZE - 1)}\n`);
}

/** @returns undefined if it is not a record */
export function decodeRecord(bytes: Uint8Array): LockRecord | undefined {
  try {
    const record = JSON.parse(Buffer.from(bytes).toString('utf8')) as Partial<LockRecord> | null;
    const { version, held, host, boot, pid, started, nonce } = record ?? {};
    if (version !== 1 || (held !== 'descriptor' && held !== 'file' && held !== 'free')) return undefined;
    if (!Number.isInteger(pid) || !/^[0-9a-f]{32}$/.test(String(nonce))) return undefined;
    if ([host, boot, started].some((text) => typeof text !== 'string')) return undefined;
    return record as LockRecord;
  } catch {
    return undefined;
  }
}

/** Reads an open lock file; undefined if it is not a record. */
export async function readRecord(file: OpenFile): Promise<LockRecord | undefined> {
  return decodeRecord(await readAt(file, Buffer.alloc(RECORD_SIZE), 0));
}

/** Replaces the record. */
export async function writeRecord(file: OpenFile, record: LockRecord): Promise<void> {
  await writeAt(file, encodeRecord(record), 0);
}
