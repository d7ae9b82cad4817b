import { describe, expect, it } from 'vitest';
import type { LockRecord } from '../../../../src/logs/archive/lock/lock-record.js';
import { encodeRecord, newRecord } from '../../../../src/logs/archive/lock/lock-record.js';
import type { Processes } from '../../../../src/logs/archive/lock/process-identity.js';
import { breakLock, lockFolder } from '../../../../src/logs/archive/lock/writer-lock.js';
import { RecordedFiles } from '../../../support/crash/recorded-files.js';
import { FaultyFiles } from '../../support/faulty-files.js';

const directory = '/logs';
const LOCKED = { code: 'ERR_SEALPIPE_LOCKED' };

/** A process of a machine on which these are gone. */
function processOf(pid: number, host = 'here', gone: readonly number[] = []): Processes {
  const own = { host, boot: 'b', pid, started: String(pid) };
  return { own, isGone: (other) => other.host === host && gone.includes(other.pid) };
}

describe('a lock whose holder has not written its record yet', () => {
  const left = newRecord({ host: 'there', boot: 'b', pid: 7, started: '7' }, 'free');

  it.each([
    ['a released one', left],
    ['one of another machine', { ...left, held: 'file' as const }],
  ])('is neither taken nor broken (%s is still there)', async (_, record) => {
    const files = new RecordedFiles(new Map([[`${directory}/lock`, encodeRecord(record)]]));
    const place = { files, processes: processOf(1), directory };
    const held = await files.open(`${directory}/lock`, { access: 'read-write' });
    expect(held.lock()).toBe('locked');
    await expect(lockFolder(place)).rejects.toMatchObject(LOCKED);
    await expect(breakLock(place)).rejects.toMatchObject(LOCKED);
    await held.close();
    if (record.held === 'free') await (await lockFolder(place)).release();
  });
});

describe('a claim to the lock of a process that is gone', () => {
  const claimOf = (pid: number) => newRecord({ host: 'here', boot: 'b', pid, started: String(pid) }, 'file');
  const old = claimOf(7);
  const path = `${directory}/lock.after-${old.nonce}`;

  function claimed(claim: Buffer): RecordedFiles {
    return new RecordedFiles(
      new Map([
        [`${directory}/lock`, encodeRecord(old)],
        [path, claim],
      ]),
    );
  }

  it('by a process that runs is respected, and the old record is put back', async () => {
    const files = claimed(encodeRecord(claimOf(8)));
    await expect(
      lockFolder({ files, processes: processOf(1, 'here', [7]), directory }),
    ).rejects.toMatchObject({ ...LOCKED, message: expect.stringContaining('process 8') });
    expect(files.state.get(`${directory}/lock`)).toEqual(encodeRecord(old));
    expect(files.state.has(path)).toBe(true);
  });

  it('by a process that is gone as well does not count, and is removed', async () => {
    const files = claimed(encodeRecord(claimOf(8)));
    const lock = await lockFolder({ files, processes: processOf(1, 'here', [7, 8]), directory });
    expect(await files.names(directory)).toEqual(['lock']);
    await lock.release();
  });

  it('that is damaged is respected', async () => {
    const files = claimed(Buffer.alloc(512));
    const place = { files, processes: processOf(1, 'here', [7]), directory };
    await expect(lockFolder(place)).rejects.toMatchObject(LOCKED);
  });

  /** Without locks of open files; something happens just before the claim is made, or just after. */
  function disturbed(
    files: RecordedFiles,
    when: 'before' | 'after',
    act: () => Promise<void>,
  ): RecordedFiles {
    const link = files.link.bind(files);
    files.link = async (from, to) => {
      if (to === path && when === 'before') await act();
      await link(from, to);
      if (to === path && when === 'after') await act();
    };
    return files;
  }

  async function put(files: RecordedFiles, name: string, record: LockRecord): Promise<void> {
    const file = await files.open(name, { access: 'read-write', create: 0o600 });
    await file.write(encodeRecord(record), 0);
    await file.close();
  }

  it('that another process makes first is respected', async () => {
    const files = new RecordedFiles(new Map([[`${directory}/lock`, encodeRecord(old)]]), { hasLocks: false });
    const place = {
      files: disturbed(files, 'before', () => put(files, path, claimOf(8))),
      processes: processOf(1, 'here', [7]),
      directory,
    };
    await expect(lockFolder(place)).rejects.toMatchObject(LOCKED);
    expect(files.state.has(path)).toBe(true);
  });

  it('that came too late is removed', async () => {
    const files = new RecordedFiles(new Map([[`${directory}/lock`, encodeRecord(old)]]), { hasLocks: false });
    const act = async () => {
      await put(files, `${directory}/new`, claimOf(8));
      await files.rename(`${directory}/new`, `${directory}/lock`);
    };
    const place = {
      files: disturbed(files, 'after', act),
      processes: processOf(1, 'here', [7]),
      directory,
    };
    await expect(lockFolder(place)).rejects.toMatchObject(LOCKED);
    expect(await files.names(directory)).toEqual(['lock']);
  });
});

describe('a claim of another machine to a lock that was given up', () => {
  const free = newRecord({ host: 'there', boot: 'b', pid: 7, started: '7' }, 'free');
  const claim = newRecord({ host: 'there', boot: 'b', pid: 8, started: '8' }, 'file');
  const made = newRecord({ host: 'here', boot: 'b', pid: 8, started: '8' }, 'file');

  function claimed(bytes: Buffer, hasLocks: boolean): RecordedFiles {
    const path = `${directory}/lock.after-${free.nonce}`;
    const initial = [[`${directory}/lock`, encodeRecord(free)] as const, [path, bytes] as const];
    return new RecordedFiles(new Map(initial), { hasLocks });
  }

  it.each([
    ['holds the lock', encodeRecord(claim), true],
    ['holds the lock without locks of open files', encodeRecord(claim), false],
    ['is damaged', Buffer.alloc(512), true],
    ['is damaged, without locks of open files', Buffer.alloc(512), false],
  ])('can be broken (%s)', async (_, bytes, hasLocks) => {
    const place = { files: claimed(bytes, hasLocks), processes: processOf(1), directory };
    await expect(lockFolder(place)).rejects.toMatchObject(LOCKED);
    expect(await breakLock(place)).toBe(true);
    await (await lockFolder(place)).release();
    expect(await breakLock(place)).toBe(false);
  });

  it('is not broken if its process runs here, and need not be if it is gone', async () => {
    const files = claimed(encodeRecord(made), false);
    await expect(breakLock({ files, processes: processOf(1), directory })).rejects.toMatchObject({
      ...LOCKED,
      message: expect.stringContaining('process 8'),
    });
    const place = { files, processes: processOf(1, 'here', [8]), directory };
    expect(await breakLock(place)).toBe(false);
    await (await lockFolder(place)).release();
  });
});

it.each([true, false])(
  'a claim to a record that a process replaced, which then ended, is respected (the third has locks: %s)',
  async (hasLocks) => {
    const old = newRecord({ host: 'here', boot: 'b', pid: 7, started: '7' }, 'file');
    const path = `${directory}/lock`;
    const without = new RecordedFiles(new Map([[path, encodeRecord(old)]]), { hasLocks: false });
    const processes = processOf(4, 'here', [7, 3]);
    let third: unknown;
    const rename = without.rename.bind(without);
    without.rename = async (from, to) => {
      without.rename = rename;
      // A process with locks of open files has written its record in place, and ends before it looks at claims.
      const file = await without.open(path, { access: 'read-write' });
      const ended = { host: 'here', boot: 'b', pid: 3, started: '3' };
      await file.write(encodeRecord(newRecord(ended, 'descriptor')), 0);
      const files = hasLocks ? new RecordedFiles(without.state) : without;
      third = await lockFolder({ files, processes, directory }).catch((error: unknown) => error);
      await rename(from, to);
    };
    await lockFolder({ files: without, processes: processOf(2, 'here', [7, 3]), directory });
    expect(third).toMatchObject({ ...LOCKED, message: expect.stringContaining('process 2') });
  },
);

it('a lock that could not be taken after all has its old record again, for processes without locks', async () => {
  const old = newRecord({ host: 'here', boot: 'b', pid: 7, started: '7' }, 'file');
  for (let failing = 1, calls = failing; calls >= failing; failing++) {
    calls = 0;
    const files = new RecordedFiles(new Map([[`${directory}/lock`, encodeRecord(old)]]));
    const faulty = new FaultyFiles(files);
    faulty.fault = () => (++calls === failing ? 'EIO' : undefined);
    const gone = processOf(1, 'here', [7]);
    const lock = await lockFolder({ files: faulty, processes: gone, directory }).catch(() => undefined);
    faulty.fault = () => undefined;
    await lock?.release();
    const without = new RecordedFiles(files.state, { hasLocks: false });
    const place = { files: without, processes: processOf(2, 'here', [7]), directory };
    await expect(lockFolder(place), `call ${failing}`).resolves.toBeDefined();
  }
});

it('the record of a lock is durable before anybody can see it', async () => {
  const files = new RecordedFiles(new Map());
  await (await lockFolder({ files, processes: processOf(1), directory })).release();
  const kinds = files.operations.map(({ kind }) => kind);
  expect(kinds.slice(0, 4)).toEqual(['create', 'write', 'sync', 'link']);
});
