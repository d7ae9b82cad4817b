import { describe, expect, it } from 'vitest';
import type { VerifyArchiveOptions } from '../../../src/logs/index.js';
import { verifyArchive } from '../../../src/logs/proof/verify-archive.js';
import { listArchives } from '../../../src/logs/upkeep/archive-listing.js';
import { putBytes } from '../../s3/support/sealed-objects.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import type { ForgedSegment, ForgedUnit } from '../support/forged-archive.js';
import { archiveId, forgeArchive, forgeSegment } from '../support/forged-archive.js';
import { keys } from '../support/reading.js';
import { keyOf, storeSegments } from '../support/stored-archives.js';

const here = fakeForTests();
const unit = (first: number, ...lines: string[]): ForgedUnit => ({ lines, first, last: first + 9 });
const bucket = () => here.fake.world.bucket(here.bucket);
const three = (): ForgedSegment[] =>
  forgeArchive([
    { units: [unit(1_000, 'a', 'b')] },
    { units: [unit(2_000, 'c')] },
    { units: [unit(3_000, 'd')] },
  ]);
const verify = (options: Partial<VerifyArchiveOptions> = {}) =>
  verifyArchive({ store: `s3://${here.bucket}/logs`, client: here.client, keys, ...options });

describe('an archive in a bucket, verified', () => {
  it('holds, with a head that it meets as a checkpoint later', async () => {
    const segments = three();
    storeSegments(bucket(), segments.slice(0, 2));
    const { archives } = await verify();
    expect(archives).toMatchObject([
      { holds: true, authenticated: true, verified: true, lines: 3, problems: [], gaps: [] },
    ]);
    expect(archives[0]!.segments[0]).toMatchObject({ name: '000000000000', named: null, vouched: true });
    const checkpoint = archives[0]!.head!;
    storeSegments(bucket(), segments);
    expect(await verify({ checkpoint })).toMatchObject({ verified: true, archives: [{ lines: 4 }] });
    bucket().keys.delete(keyOf(1));
    bucket().keys.delete(keyOf(2));
    const cut = await verify({ checkpoint });
    expect(cut).toMatchObject({ verified: false, archives: [{ checkpoint: { met: false } }] });
  });

  it('is not proved without keys', async () => {
    storeSegments(bucket(), three());
    const report = await verify({ keys: undefined });
    expect(report).toMatchObject({ verified: false, authenticated: false, archives: [{ holds: true }] });
  });

  it('reports a gap, bytes that were changed, and a fork with its object', async () => {
    const segments = three();
    const [, middle] = storeSegments(bucket(), segments) as [string, string, string];
    const fork = `000000000001.fork-${'0a'.repeat(32)}`;
    const units = [unit(2_000, 'other')];
    const other = forgeSegment({ index: 1, previous: segments[0]!.digest, units, label: 'of a fork' });
    putBytes(bucket(), `${middle}.${fork.split('.')[1]}`, other.stream);
    const forked = await verify();
    expect(forked.archives[0]).toMatchObject({
      holds: false,
      forks: [{ segment: 1, names: ['000000000001', fork] }],
    });
    // Alone it is no segment of the archive either.
    bucket().keys.delete(middle);
    const alone = await verify();
    expect(alone.archives[0]!.problems[0]!.message).toContain(fork);
    expect(alone.verified).toBe(false);
    bucket().keys.delete(`${middle}.${fork.split('.')[1]}`);
    expect((await verify()).archives[0]).toMatchObject({ holds: false, gaps: [{ from: 1, to: 1 }] });
    const changed = Buffer.from(segments[1]!.stream);
    changed[changed.length - 30]! ^= 1;
    putBytes(bucket(), middle, changed);
    expect((await verify()).archives[0]).toMatchObject({ holds: false, verified: false });
  });

  it('checks each archive below the prefix', async () => {
    storeSegments(bucket(), three());
    storeSegments(bucket(), [forgeSegment({ index: 1, archive: 'other' })], { archive: 'other' });
    const { archives, verified } = await verify();
    const other = archiveId('other').toString('hex');
    expect(verified).toBe(false);
    expect(archives.map(({ archive, holds }) => [archive, holds])).toEqual(
      [
        [archiveId().toString('hex'), true],
        [other, false],
      ].sort(),
    );
  });

  it('is not judged by what the store fails with', async () => {
    storeSegments(bucket(), three());
    const isSecond = ({ operation, key }: { operation: string; key: string }) =>
      operation === 'GetObject' && key === keyOf(1);
    here.fake.fault({ on: isSecond, times: 9 }, { kind: 'refuse', status: 403, code: 'AccessDenied' });
    await expect(verify()).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_STORE',
      message: expect.stringContaining('000000000001'),
    });
  });
});

describe('the archives in a bucket, listed', () => {
  it('have the names and sizes of their objects, gaps and forks, and nothing is read', async () => {
    const segments = three();
    storeSegments(bucket(), [segments[0]!, segments[2]!]);
    const fork = `${keyOf(2)}.fork-${'0a'.repeat(32)}`;
    putBytes(bucket(), fork, Buffer.from('x'));
    const store = `s3://${here.bucket}/logs/`;
    const [one] = await listArchives({ store, client: here.client });
    const common = { open: false, first: null, last: null };
    expect(one).toEqual({
      archive: archiveId().toString('hex'),
      segments: [
        { ...common, segment: 0, name: '000000000000', size: segments[0]!.stream.length, isFork: false },
        { ...common, segment: 2, name: '000000000002', size: segments[2]!.stream.length, isFork: false },
        { ...common, segment: 2, name: fork.split('/').at(-1), size: 1, isFork: true },
      ].map((segment) => ({ ...segment, path: `${store}${one!.archive}/${segment.name}` })),
      gaps: [{ from: 1, to: 1 }],
      inStore: [],
    });
    expect(here.fake.seen.of('GetObject')).toEqual([]);
    expect(await listArchives({ store: `s3://${here.bucket}/none`, client: here.client })).toEqual([]);
  });
});
