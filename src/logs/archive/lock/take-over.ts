import { join } from 'node:path';
import { isSealpipeError, SealpipeError } from '../../../errors.js';
import type { FileSystem } from '../../../file-system.js';
import { printable } from '../../../text/printable.js';
import { claimName, isClaim } from './lock-names.js';
import type { LockRecord } from './lock-record.js';
import { readRecord, writeRecord } from './lock-record.js';
import type { Processes } from './process-identity.js';

/** A folder with a lock file. */
export interface LockedFolder {
  readonly files: FileSystem;
  readonly directory: string;
}

/** More claims in a row than ever occur. */
const MOST_CLAIMS = 16;

/** Whether the owner released the lock, or is a process of this machine that has ended. */
export function isStale(record: LockRecord, processes: Processes): boolean {
  return record.held === 'free' || processes.isGone(record);
}

/** The record of a lock file, or of a claim, or undefined. @throws if it is not a record */
export async function recordAt(place: LockedFolder, path: string): Promise<LockRecord | undefined> {
  if ((await place.files.facts(path)) === undefined) return undefined;
  try {
    const file = await place.files.open(path, { access: 'read' });
    try {
      const record = await readRecord(file);
      if (record === undefined) throw locked(place.directory, undefined);
      return record;
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The claim to a record, the claim to that claim, and so on. */
export async function claimsAfter(place: LockedFolder, record: LockRecord): Promise<readonly LockRecord[]> {
  const claims: LockRecord[] = [];
  for (let last = record; claims.length < MOST_CLAIMS; ) {
    const next = await recordAt(place, claimName(place.directory, last));
    if (next === undefined) break;
    claims.push(next);
    last = next;
  }
  return claims;
}

/** What was read; undefined if it is not a record, which a process that runs never leaves. */
export async function ifLegible<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isSealpipeError(error)) return undefined;
    throw error;
  }
}

/**
 * The claim of another process that may still rename its record over the lock file: the last one to the current record,
 * or one to an earlier record, which a process that ended in between had replaced.
 *
 * @param claims those to the current record
 */
export async function rivalOf(
  place: LockedFolder & { readonly processes: Processes },
  mine: LockRecord,
  claims: readonly LockRecord[] = [],
): Promise<LockRecord | undefined> {
  const { files, directory, processes } = place;
  const last = claims.at(-1);
  if (last !== undefined && !isStale(last, processes)) return last;
  for (const name of await files.names(directory)) {
    if (!isClaim(name)) continue;
    const claim = await ifLegible(recordAt(place, join(directory, name)));
    if (claim === undefined || claim.nonce === mine.nonce || claim.host !== mine.host) continue;
    if (!isStale(claim, processes)) return claim;
  }
  return undefined;
}

/** Removes the names of claims. */
export async function removeClaims(place: LockedFolder, line: readonly LockRecord[]): Promise<void> {
  for (const record of line) {
    await place.files.unlink(claimName(place.directory, record)).catch(() => undefined);
  }
}

/** Releases a lock that is held by a record alone, if the record is this one: its owner could not go on. */
export async function withdraw(files: FileSystem, path: string, mine: LockRecord): Promise<void> {
  const file = await files.open(path, { access: 'read-write' });
  try {
    const there = await readRecord(file);
    // Nobody else writes to it: the record holds the lock as long as its owner runs.
    if (there?.nonce === mine.nonce && there.held === 'file')
      await writeRecord(file, { ...mine, held: 'free' });
  } finally {
    await file.close();
  }
}

/** The error for a lock that another process holds or may hold. */
export function locked(directory: string, owner: LockRecord | undefined): SealpipeError {
  const who =
    owner === undefined
      ? 'its lock file has no legible record'
      : `process ${owner.pid} on ${printable(owner.host.split(' ')[0]!)}`;
  return new SealpipeError('ERR_SEALPIPE_LOCKED', `${directory} is locked by another writer: ${who}`, {
    retryable: true,
    hint: 'If that writer is gone for certain, break its lock: sealpipe logs unlock',
  });
}
