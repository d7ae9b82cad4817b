import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeJournal } from '../../../src/files/heads/head-journal.js';
import { openLocked } from '../../../src/files/heads/locked-file.js';
import { journalPath } from '../../../src/files/heads/replace-head.js';
import { systemFiles } from '../../../src/files/heads/system-files.js';
import { rewrap, rewrapOn } from '../../../src/sealed/rewrapping/rewrap.js';
import { readHeader } from '../../../src/streams/read-header.js';
import { crashStates } from '../../support/crash/crash-states.js';
import { RecordedFiles } from '../../support/crash/recorded-files.js';
import { randomOf, sampled } from '../../support/sample.js';
import { expectOpens, expectRefused, raw, recipientsOf, sealedFile, serviceKey } from './rewrap-kit.js';

const [OLD, NEW] = [raw('old'), raw('new')];
const MANY = Array.from({ length: 8 }, (_, i) => raw(`${i}`.padEnd(100, 'x')));

describe('a power cut at any moment', () => {
  it.each([
    ['in place', [NEW], true],
    ['by copy', MANY, true],
    ['by copy, without locks', [NEW], false],
  ])('%s leaves a file that opens with the old or the new keys', async (_, to, hasLocks) => {
    const content = await readFile(await sealedFile([OLD]));
    const files = new RecordedFiles(new Map([['/f/a', content]]), { hasLocks });
    await rewrapOn(files, '/f/a', { keys: OLD, to });
    const path = await sealedFile([OLD]);
    const states = crashStates(files.initial, files.operations, randomOf('crashes of a re-wrap'));
    for (const { disk } of sampled(states, 120, 'disks after a crash of a re-wrap')) {
      const again = new RecordedFiles(disk);
      // The next run finishes what a journal holds, and does what the first one did not get to.
      await rewrapOn(again, '/f/a', { keys: OLD, to });
      await writeFile(path, again.state.get('/f/a')!);
      expect(await recipientsOf(path)).toEqual(to.map(({ id }) => id.slice('raw:'.length)));
      expect(again.state.has(journalPath('/f/a'))).toBe(false);
    }
    await expectOpens(path, to);
  });
});

describe('a dry run', () => {
  it('makes no change and no key call, and says which would be made', async () => {
    const [old, next] = [serviceKey('old'), serviceKey('new')];
    const path = await sealedFile([old, raw('other')]);
    const before = await readFile(path);
    const run = (options: object) => rewrap(path, { keys: old, dryRun: true, ...options });
    expect(await run({ to: next })).toMatchObject({
      dryRun: true,
      way: null,
      calls: [{ operation: 'rewrap' }],
    });
    const checked = await run({ to: raw('new'), remove: { provider: 'raw', key: 'other' } });
    expect(checked.calls.map(({ operation }) => operation)).toEqual(['unwrap', 'wrap']);
    expect(checked.removed.map(({ key }) => key)).toEqual([old.arn, 'other']);
    expect(old.calls).toEqual([]);
    expect((await readFile(path)).equals(before)).toBe(true);
    await expectRefused(path, () => run({ keys: raw('x'), to: next }), 'ERR_SEALPIPE_KEY_MISMATCH');
  });

  it('leaves a journal where it is, and says that it would be finished', async () => {
    const path = await sealedFile([OLD]);
    const old = (await readFile(path)).subarray(0, (await readHeader(await readFile(path))).preambleSize);
    await writeFile(journalPath(path), encodeJournal({ old, new: old }), { mode: 0o600 });
    expect(await rewrap(path, { keys: OLD, to: NEW, dryRun: true })).toMatchObject({ finished: true });
    expect(await readdir(dirname(path))).toHaveLength(2);
    expect(await rewrap(path, { keys: OLD, to: NEW })).toMatchObject({ finished: true, way: 'in place' });
    await expectOpens(path, [NEW]);
  });
});

describe('a re-wrap that cannot be', () => {
  it('is refused while another is at work', async () => {
    const path = await sealedFile([OLD]);
    const other = await openLocked(systemFiles, path);
    await expectRefused(path, () => rewrap(path, { keys: OLD, to: NEW }), 'ERR_SEALPIPE_LOCKED');
    await other.file.close();
    await rewrap(path, { keys: OLD, to: NEW });
  });

  it('is given up when it is aborted, also amid a key call', async () => {
    const path = await sealedFile([OLD]);
    const reason = new Error('enough');
    const early = { keys: OLD, to: NEW, signal: AbortSignal.abort(reason) };
    const error = await expectRefused(path, () => rewrap(path, early), 'ABORT_ERR');
    expect(error.cause).toBe(reason);
    const hanging = { ...serviceKey('new'), wrap: () => new Promise<never>(() => undefined) };
    const late = { keys: OLD, to: hanging, signal: AbortSignal.timeout(20) };
    await expectRefused(path, () => rewrap(path, late), 'ABORT_ERR');
    await rewrap(path, { keys: OLD, to: NEW });
  });

  it('is wrong use', async () => {
    const path = await sealedFile([OLD]);
    const wrong: unknown[] = [
      { keys: OLD },
      { keys: OLD, to: NEW, too: 1 },
      { keys: [], to: NEW },
      { keys: OLD, to: 'new' },
      { keys: OLD, remove: 'old' },
      { keys: OLD, to: NEW, check: 1 },
      { keys: OLD, to: [NEW, raw('new')] },
      { keys: OLD, to: NEW, remove: { provider: 'raw', key: 'new' } },
    ];
    for (const options of wrong)
      await expectRefused(path, () => rewrap(path, options as never), 'ERR_SEALPIPE_OPTIONS');
    await expectRefused(path, () => rewrap(dirname(path), { keys: OLD, to: NEW }), 'EISDIR');
    await expectRefused(
      path,
      () => rewrap(new URL('http://a/'), { keys: OLD, to: NEW }),
      'ERR_SEALPIPE_OPTIONS',
    );
    const limits = { keys: OLD, to: NEW, limits: { maxPreambleSize: 100 } };
    await expectRefused(path, () => rewrap(path, limits), 'ERR_SEALPIPE_LIMIT');
  });
});
