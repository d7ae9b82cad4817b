import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../src/logs/archive/checkpoint.js';
import { verifyArchive } from '../../../src/logs/proof/verify-archive.js';
import type { PruneArchiveOptions } from '../../../src/logs/upkeep/prune-archive.js';
import { pruneArchive } from '../../../src/logs/upkeep/prune-archive.js';
import { putBytes } from '../../s3/support/sealed-objects.js';
import type { Bucket } from '../../support/s3/fake/state.js';
import { currentOf } from '../../support/s3/fake/state.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import type { ForgedUnit } from '../support/forged-archive.js';
import { archiveId, forgeArchive } from '../support/forged-archive.js';
import { keys } from '../support/reading.js';
import { keyOf, readStore, storeSegments } from '../support/stored-archives.js';

const here = fakeForTests();
const bucket = (name = here.bucket) => here.fake.world.bucket(name);
const unit = (first: number, ...lines: string[]): ForgedUnit => ({ lines, first, last: first + 9 });
const archive = archiveId().toString('hex');
const six = () =>
  forgeArchive(Array.from({ length: 6 }, (_, i) => ({ units: [unit(1_000 * i, `line ${i}`)] })));

const left = (where: Bucket): number[] =>
  [0, 1, 2, 3, 4, 5].filter((index) => currentOf(where, keyOf(index)) !== undefined);

async function prune(options: Partial<PruneArchiveOptions> = {}) {
  const kept: Checkpoint[] = [];
  const keep = async (checkpoint: Checkpoint) => void kept.push(checkpoint);
  const store = `s3://${here.bucket}/logs`;
  const asked = { store, client: here.client, keys, archive, before: 3_000, keep, ...options };
  return { kept, report: await pruneArchive(asked) };
}

const verified = async (checkpoint: Checkpoint) =>
  (await verifyArchive({ store: `s3://${here.bucket}/logs`, client: here.client, keys, checkpoint }))
    .verified;

describe('an archive in a bucket that is pruned', () => {
  it('loses what lies before a time once its checkpoint is kept, and reads and verifies with it', async () => {
    storeSegments(bucket(), six());
    const planned = await prune({ dryRun: true });
    expect([planned.kept, left(bucket())]).toEqual([[], [0, 1, 2, 3, 4, 5]]);
    const keep = async () => expect(left(bucket())).toEqual([0, 1, 2, 3, 4, 5]);
    const { report } = await prune({ keep });
    expect(report).toEqual({ ...planned.report, keepsVersions: false, failure: null });
    expect(report.removed).toEqual(['000000000000', '000000000001', '000000000002']);
    expect(left(bucket())).toEqual([3, 4, 5]);
    const checkpoint = report.checkpoint!;
    expect(await verified(checkpoint)).toBe(true);
    const read = await readStore(here, { checkpoint });
    expect(read).toMatchObject({ lines: ['line 3', 'line 4', 'line 5'], code: undefined });
    expect((await prune()).report).toMatchObject({ removed: [], checkpoint: null });
  });

  it('stays whole if the checkpoint is not kept, and keeps its last two segments', async () => {
    storeSegments(bucket(), six());
    await expect(prune({ keep: () => Promise.reject(new Error('no')) })).rejects.toThrow('no');
    expect(left(bucket())).toHaveLength(6);
    await prune({ before: 1e9 });
    expect(left(bucket())).toEqual([4, 5]);
  });

  it('keeps versions behind delete markers, also under Object Lock, and says so', async () => {
    here.fake.world.buckets.delete(here.bucket);
    const locked = here.fake.world.createBucket(here.bucket, 'eu-west-1', { objectLock: true });
    storeSegments(locked, six());
    for (const [version] of locked.keys.values()) {
      version!.details = {
        ...version!.details,
        lock: { mode: 'COMPLIANCE', until: new Date(Date.now() + 1e9) },
      };
    }
    const { report } = await prune();
    expect(report).toMatchObject({ keepsVersions: true, failure: null });
    expect(left(locked)).toEqual([3, 4, 5]);
    expect(locked.keys.get(keyOf(0))).toHaveLength(2);
    expect(await verified(report.checkpoint!)).toBe(true);
  });

  it('loses nothing if it may not delete, and one piece of its front if that ends halfway', async () => {
    storeSegments(bucket(), six());
    const denied = { kind: 'refuse', status: 403, code: 'AccessDenied' } as const;
    here.fake.fault('DeleteObject', denied);
    const none = await prune();
    expect(none.report).toMatchObject({ removed: [], checkpoint: null });
    expect(none.report.failure).toMatchObject({
      code: 'ERR_SEALPIPE_STORE',
      hint: expect.stringContaining('s3:DeleteObject'),
    });
    expect(left(bucket())).toHaveLength(6);
    here.fake.fault({ on: 'DeleteObject', skip: 2 }, denied);
    const { report } = await prune();
    expect(report).toMatchObject({ removed: ['000000000000', '000000000001'] });
    expect(report.failure?.message).toContain('000000000002');
    expect(left(bucket())).toEqual([2, 3, 4, 5]);
    expect(await verified(report.checkpoint!)).toBe(true);
    const again = await prune();
    expect(again.report.removed).toEqual(['000000000002']);
    expect(await verified(again.report.checkpoint!)).toBe(true);
  });

  it('refuses what does not hold together, a lock that no bucket has, and removes nothing', async () => {
    const segments = six();
    storeSegments(bucket(), segments);
    const changed = Buffer.from(segments[1]!.stream);
    changed[changed.length - 1]! ^= 1;
    putBytes(bucket(), keyOf(1), changed);
    await expect(prune()).rejects.toMatchObject({ code: 'ERR_SEALPIPE_ARCHIVE' });
    putBytes(bucket(), `${keyOf(5)}.fork-${'0a'.repeat(32)}`, segments[5]!.stream);
    await expect(prune()).rejects.toMatchObject({ code: 'ERR_SEALPIPE_ARCHIVE' });
    await expect(prune({ singleWriter: true })).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
    expect(left(bucket())).toHaveLength(6);
  });
});
