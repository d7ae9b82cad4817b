/*
 * The lock of a folder of archives: one writer at a time, and no other change of an archive at the same time.
 *
 * The file `lock` has a record of its owner, and is never removed. Where open files can be locked (the addon), its lock
 * is what counts: it ends with its process, however that ends. Where not, the record counts, and is stale if its owner
 * gave it up, or is a process of this machine that is gone. A stale record is taken over in three steps: a link by the
 * name of that very record, which only one process can make; a check that the record still stands there and that no
 * other process is about to rename; a rename over `lock`. Each side writes its record before it looks at the other's, so
 * both kinds can meet in one folder.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { SealpipeError } from '../../../errors.js';
import type { FileSystem, OpenFile } from '../../../file-system.js';
import { isSameFile, PRIVATE_FILE } from '../../../file-system.js';
import { writeAt } from '../../../files/heads/positioned.js';
import { claimName, isOfLock, lockPath } from './lock-names.js';
import type { LockRecord } from './lock-record.js';
import { encodeRecord, newRecord, readRecord, writeRecord } from './lock-record.js';
import type { Processes } from './process-identity.js';
import {
  claimsAfter,
  ifLegible,
  isStale,
  locked,
  recordAt,
  removeClaims,
  rivalOf,
  withdraw,
} from './take-over.js';

/** The folder and the machine of a lock. */
export interface LockPlace {
  readonly files: FileSystem;
  readonly processes: Processes;
  readonly directory: string;
}

/** A held lock. */
export interface WriterLock {
  /** Releases the lock. Never rejects. */
  release(): Promise<void>;
}

/** Other processes may interfere, but not every time. */
const MOST_TRIES = 8;

/**
 * Takes the lock of a folder. Does not wait.
 *
 * @param singleWriter also on NFS, where locks may bind one machine alone
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_LOCKED` if another process holds it, or may; the error of the system
 */
export async function lockFolder(place: LockPlace, singleWriter = false): Promise<WriterLock> {
  if (!singleWriter && (await place.files.isNfs(place.directory))) {
    throw new SealpipeError(
      'ERR_SEALPIPE_LOCKED',
      `${place.directory} is on NFS, where two writers on two machines may not see each other`,
      { hint: 'Write to a local disk, or say that there is one writer: singleWriter (--single-writer)' },
    );
  }
  const mine = newRecord(place.processes.own, 'file');
  try {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const lock = await tryToLock(place, mine);
      if (lock !== undefined) return lock;
    }
    throw locked(place.directory, undefined);
  } catch (error) {
    await withdraw(place.files, lockPath(place.directory), mine).catch(() => undefined);
    throw error;
  }
}

/** @returns undefined if something changed in between: try again */
async function tryToLock(place: LockPlace, mine: LockRecord): Promise<WriterLock | undefined> {
  const { files, directory } = place;
  const path = lockPath(directory);
  if ((await files.facts(path)) === undefined) await make(place, newRecord(place.processes.own, 'free'));
  const file = await openThere(files, path);
  if (file === undefined) return undefined;
  let isHeld = false;
  try {
    const answer = file.lock();
    if (answer === 'held') throw locked(directory, await readRecord(file));
    if (!(await isNamed(files, file, path))) return undefined;
    isHeld = answer === 'locked' ? await takeInPlace(place, file, mine) : await takeOver(place, file, mine);
    return isHeld ? lockOf(file, mine) : undefined;
  } finally {
    if (!isHeld) await file.close();
  }
}

function lockOf(file: OpenFile, mine: LockRecord): WriterLock {
  return {
    async release(): Promise<void> {
      await writeRecord(file, { ...mine, held: 'free' }).catch(() => undefined);
      await file.close().catch(() => undefined);
    },
  };
}

/** With the lock of the open file: only an owner without such a lock can conflict. */
async function takeInPlace(place: LockPlace, file: OpenFile, mine: LockRecord): Promise<boolean> {
  const { files, directory, processes } = place;
  const there = await readRecord(file);
  if (there === undefined) throw locked(directory, undefined);
  const isOver = there.held !== 'file' || there.nonce === mine.nonce || processes.isGone(there);
  if (!isOver) throw locked(directory, there);
  try {
    await writeRecord(file, { ...mine, held: 'descriptor' });
    const claims = await claimsAfter(place, there);
    const rival = await rivalOf(place, mine, claims);
    if (rival !== undefined) throw locked(directory, rival);
    await removeClaims(place, [there, ...claims]);
    return await isNamed(files, file, lockPath(directory));
  } catch (error) {
    // The old record again: one that looks free could be taken by a third process, and ours holds while we run.
    await writeRecord(file, there).catch(() => undefined);
    throw error;
  }
}

/** Without locks of open files. */
async function takeOver(place: LockPlace, file: OpenFile, mine: LockRecord): Promise<boolean> {
  const { directory, processes } = place;
  const there = await readRecord(file);
  if (there?.nonce === mine.nonce) return true;
  if (there === undefined) throw locked(directory, undefined);
  const claims = await claimsAfter(place, there);
  const last = claims.at(-1) ?? there;
  if (!isStale(last, processes)) throw locked(directory, last);
  return await replaceStale(place, [there, ...claims], mine);
}

/**
 * Replaces a stale record by ours.
 *
 * @param line the current record and the failed claims to it
 * @returns false if another process was faster. If true, `lock` is another file from now on
 */
async function replaceStale(
  place: LockPlace,
  line: readonly LockRecord[],
  mine: LockRecord,
): Promise<boolean> {
  const { files, directory } = place;
  const path = lockPath(directory);
  const temporary = await writeTemporary(place, mine);
  const claim = claimName(directory, line.at(-1)!);
  let isClaimed = false;
  try {
    isClaimed = await linked(files, temporary, claim);
    if (!isClaimed) return false;
    const still = await recordAt(place, path);
    const claims = still === undefined ? [] : await claimsAfter(place, still);
    const found = [still, ...claims].map((record) => record?.nonce);
    const expected = [...line, mine].map(({ nonce }) => nonce);
    if (found.length !== expected.length || found.some((nonce, i) => nonce !== expected[i])) return false;
    const rival = await rivalOf(place, mine);
    if (rival !== undefined) throw locked(directory, rival);
    await files.rename(temporary, path);
    isClaimed = false;
    await removeClaims(place, line);
  } finally {
    if (isClaimed) await files.unlink(claim).catch(() => undefined);
    await files.unlink(temporary).catch(() => undefined);
  }
  return false;
}

/** Creates the lock file, unless another process does. Its record is free, so a failed attempt leaves no owner. */
async function make(place: LockPlace, free: LockRecord): Promise<void> {
  const temporary = await writeTemporary(place, free);
  try {
    await linked(place.files, temporary, lockPath(place.directory));
  } finally {
    await place.files.unlink(temporary).catch(() => undefined);
  }
}

async function writeTemporary({ files, directory }: LockPlace, record: LockRecord): Promise<string> {
  const path = join(directory, `.lock.${randomBytes(8).toString('hex')}.tmp`);
  const file = await files.open(path, { access: 'read-write', create: PRIVATE_FILE });
  try {
    await writeAt(file, encodeRecord(record), 0);
    await file.sync();
  } finally {
    await file.close();
  }
  return path;
}

/** @returns false if the name is taken, or the temporary file was removed */
async function linked(files: FileSystem, from: string, to: string): Promise<boolean> {
  try {
    await files.link(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOENT') return false;
    throw error;
  }
}

async function openThere(files: FileSystem, path: string): Promise<OpenFile | undefined> {
  try {
    return await files.open(path, { access: 'read-write' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function isNamed(files: FileSystem, file: OpenFile, path: string): Promise<boolean> {
  const named = await files.facts(path);
  return named !== undefined && isSameFile(await file.facts(), named);
}

/** Removes files of other processes that requested the lock. Only the owner may call it; the others check again. */
export async function clearAfterLock({ files, directory }: LockPlace): Promise<void> {
  for (const name of await files.names(directory)) {
    if (name !== 'lock' && isOfLock(name)) await files.unlink(join(directory, name)).catch(() => undefined);
  }
}

/**
 * Breaks the lock of a folder: that of a writer on another machine that has certainly ended, also if it ended while it
 * took the lock over, or a damaged lock file.
 *
 * @returns whether a lock existed
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_LOCKED` if its owner is a process that runs on this machine
 */
export async function breakLock(place: LockPlace): Promise<boolean> {
  const { files, directory, processes } = place;
  const path = lockPath(directory);
  const file = await openThere(files, path);
  if (file === undefined) return false;
  try {
    const record = await readRecord(file);
    if (file.lock() === 'held') throw inUse(directory, record);
    const claims = record === undefined ? [] : await ifLegible(claimsAfter(place, record));
    const running = [record, ...(claims ?? [])].find(
      (one) => one?.host === processes.own.host && !isStale(one, processes),
    );
    if (running !== undefined) throw inUse(directory, running);
    if (record?.held === 'free' && claims?.every((claim) => isStale(claim, processes))) return false;
    const temporary = await writeTemporary(place, newRecord(processes.own, 'free'));
    await files.rename(temporary, path);
    return true;
  } finally {
    await file.close();
  }
}

function inUse(directory: string, owner: LockRecord | undefined): SealpipeError {
  const who = owner === undefined ? 'a process' : `process ${owner.pid}`;
  return new SealpipeError('ERR_SEALPIPE_LOCKED', `${directory} is locked by ${who}, which runs: end it`);
}
