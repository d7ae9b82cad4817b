import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { FileSystem, OpenFile } from '../../../../src/file-system.js';
import { encodeRecord, newRecord } from '../../../../src/logs/archive/lock/lock-record.js';
import type { Processes } from '../../../../src/logs/archive/lock/process-identity.js';
import { systemProcesses } from '../../../../src/logs/archive/lock/process-identity.js';
import { breakLock, clearAfterLock, lockFolder } from '../../../../src/logs/archive/lock/writer-lock.js';
import { RecordedFiles } from '../../../support/crash/recorded-files.js';
import { randomOf, wholeRun } from '../../../support/sample.js';
import { FaultyFiles } from '../../support/faulty-files.js';

const directory = '/logs';
const LOCKED = { code: 'ERR_SEALPIPE_LOCKED' };
const random = randomOf('locks of log archives');

/** A process of a machine on which all of these are gone. */
function processOf(pid: number, host = 'here', gone: readonly number[] = []): Processes {
  const own = { host, boot: 'b', pid, started: String(pid) };
  return { own, isGone: (other) => other.host === host && gone.includes(other.pid) };
}

/** A folder with the record of a process that never gave its lock up. */
function leftBy(pid: number, held: 'descriptor' | 'file', host = 'here', hasLocks = false): RecordedFiles {
  const record = newRecord({ host, boot: 'b', pid, started: String(pid) }, held);
  return new RecordedFiles(new Map([[`${directory}/lock`, encodeRecord(record)]]), { hasLocks });
}

/** The same files for a process that is interrupted between any two calls, and may lack locks of open files. */
function interrupted(files: FileSystem, hasLocks: boolean): FileSystem {
  const later =
    <A extends unknown[], R>(call: (...all: A) => Promise<R>) =>
    async (...all: A): Promise<R> => {
      for (let turns = Math.floor(random() * 4); turns > 0; turns--) await turn();
      return call(...all);
    };
  return {
    facts: later((path: string) => files.facts(path)),
    resolve: (path) => files.resolve(path),
    link: later((from: string, to: string) => files.link(from, to)),
    rename: later((from: string, to: string) => files.rename(from, to)),
    unlink: later((path: string) => files.unlink(path)),
    names: later((folder: string) => files.names(folder)),
    makeFolder: (path) => files.makeFolder(path),
    isNfs: (folder) => files.isNfs(folder),
    syncFolder: (folder) => files.syncFolder(folder),
    open: later(async (path: string, wish: Parameters<FileSystem['open']>[1]): Promise<OpenFile> => {
      const file = await files.open(path, wish);
      return {
        ...file,
        read: later((memory: Uint8Array, position: number) => file.read(memory, position)),
        write: later((bytes: Uint8Array, position: number) => file.write(bytes, position)),
        lock: () => (hasLocks ? file.lock() : 'none'),
      };
    }),
  };
}

describe.each([true, false])('the lock of a folder, where open files can be locked: %s', (hasLocks) => {
  it('is held by one at a time, and given up', async () => {
    const files = new RecordedFiles(new Map(), { hasLocks });
    const lock = await lockFolder({ files, processes: processOf(1), directory });
    await expect(lockFolder({ files, processes: processOf(2), directory })).rejects.toMatchObject(LOCKED);
    await expect(lockFolder({ files, processes: processOf(1), directory })).rejects.toMatchObject(LOCKED);
    await lock.release();
    await (await lockFolder({ files, processes: processOf(2), directory })).release();
    expect(await files.names(directory)).toEqual(['lock']);
  });

  it('is taken over from a process of this machine that is gone', async () => {
    const files = leftBy(7, 'file', 'here', hasLocks);
    await expect(lockFolder({ files, processes: processOf(1), directory })).rejects.toMatchObject({
      ...LOCKED,
      message: expect.stringContaining('process 7 on here'),
    });
    const lock = await lockFolder({ files, processes: processOf(1, 'here', [7]), directory });
    await expect(
      lockFolder({ files, processes: processOf(2, 'here', [7]), directory }),
    ).rejects.toMatchObject(LOCKED);
    await lock.release();
  });

  it('is not taken over from another machine, but broken', async () => {
    const files = leftBy(7, 'file', 'there', hasLocks);
    const place = { files, processes: processOf(1, 'here', [7]), directory };
    await expect(lockFolder(place)).rejects.toMatchObject(LOCKED);
    expect(await breakLock(place)).toBe(true);
    await (await lockFolder(place)).release();
    expect(await breakLock(place)).toBe(false);
  });

  it('is not broken while its owner runs here', async () => {
    const files = new RecordedFiles(new Map(), { hasLocks });
    const lock = await lockFolder({ files, processes: processOf(1), directory });
    await expect(breakLock({ files, processes: processOf(2), directory })).rejects.toMatchObject(LOCKED);
    await lock.release();
  });

  it('is held if its record is damaged, until it is broken', async () => {
    const files = new RecordedFiles(new Map([[`${directory}/lock`, Buffer.alloc(512)]]), { hasLocks });
    const place = { files, processes: processOf(1), directory };
    await expect(lockFolder(place)).rejects.toMatchObject({
      ...LOCKED,
      hint: expect.stringContaining('unlock'),
    });
    expect(await breakLock(place)).toBe(true);
    await (await lockFolder(place)).release();
  });

  it('can be taken by the same process after any call of an attempt failed, or several in a row', async () => {
    const folders = [
      () => new RecordedFiles(new Map(), { hasLocks }),
      () => leftBy(7, 'file', 'here', hasLocks),
    ];
    // Without locks of open files, an attempt that has won and cannot open its record again needs one to give it up.
    const inRow = hasLocks ? 3 : 1;
    for (const makeFolder of folders) {
      for (let failing = 1, calls = failing; calls >= failing; failing++) {
        calls = 0;
        const files = new FaultyFiles(makeFolder());
        files.fault = () => (++calls >= failing && calls < failing + inRow ? 'EIO' : undefined);
        const place = { files, processes: processOf(1, 'here', [7]), directory };
        const first = await lockFolder(place).catch((error: { code?: string }) => error.code);
        files.fault = () => undefined;
        if (typeof first === 'object') await first.release();
        else expect(first).toBe('EIO');
        await expect(lockFolder(place), `call ${failing}`).resolves.toBeDefined();
      }
    }
  });

  it('is refused on NFS, unless there is a single writer', async () => {
    const files = new RecordedFiles(new Map(), { hasLocks, isNfs: true });
    const place = { files, processes: processOf(1), directory };
    await expect(lockFolder(place)).rejects.toMatchObject({
      ...LOCKED,
      message: expect.stringContaining('NFS'),
    });
    await (await lockFolder(place, true)).release();
  });
});

describe('processes that ask for a lock at the same time', () => {
  const kinds: readonly (readonly boolean[])[] = [
    [false, false, false, false],
    [true, false, true, false],
    [true, true],
  ];

  it.each(kinds)('get it one at a time, by whatever kind of lock (%s, …)', async (...hasLocks) => {
    let wins = 0;
    for (let round = 0; round < (wholeRun ? 1_000 : 60); round++) {
      const files = round % 2 === 0 ? leftBy(7, 'file', 'here', true) : new RecordedFiles(new Map());
      let holders = 0;
      const contend = async (one: boolean, i: number) => {
        const place = {
          files: interrupted(files, one),
          processes: processOf(100 + i, 'here', [7]),
          directory,
        };
        for (let tries = 0; tries < 3; tries++) {
          const lock = await lockFolder(place).catch((error: unknown) => {
            expect(error).toMatchObject(LOCKED);
            return undefined;
          });
          if (lock === undefined) continue;
          wins += 1;
          holders += 1;
          expect(holders).toBe(1);
          await clearAfterLock(place);
          for (let turns = 0; turns < 3; turns++) await turn();
          holders -= 1;
          await lock.release();
        }
      };
      await Promise.all(hasLocks.map(contend));
    }
    expect(wins).toBeGreaterThan(60);
  });

  it('have claims that outlive a process that died while it took over', async () => {
    const files = leftBy(7, 'file');
    const first = { files, processes: processOf(8, 'here', [7]), directory };
    const dying: FileSystem = { ...interrupted(files, false), rename: () => new Promise(() => undefined) };
    void lockFolder({ ...first, files: dying });
    for (let turns = 0; turns < 100; turns++) await turn();
    expect((await files.names(directory)).some((name) => name.startsWith('lock.after-'))).toBe(true);
    await expect(lockFolder({ ...first, processes: processOf(9, 'here', [7]) })).rejects.toMatchObject(
      LOCKED,
    );
    const lock = await lockFolder({ ...first, processes: processOf(9, 'here', [7, 8]) });
    await clearAfterLock({ ...first, files });
    await lock.release();
    expect(await files.names(directory)).toEqual(['lock']);
  });
});

describe('the processes of this machine', () => {
  it('are told apart by boot, id and start', () => {
    const { own, isGone } = systemProcesses();
    expect(isGone(own)).toBe(false);
    expect(isGone({ ...own, host: 'another' })).toBe(false);
    expect(isGone({ ...own, host: 'another', boot: 'another', pid: 2 ** 22 + 1 })).toBe(false);
    expect(isGone({ ...own, started: '' })).toBe(false);
    expect(isGone({ ...own, boot: 'another' })).toBe(true);
    expect(isGone({ ...own, pid: 2 ** 22 + 1 })).toBe(true);
    if (own.started !== '') expect(isGone({ ...own, started: '0' })).toBe(true);
  });
});
