import { describe, expect, it } from 'vitest';
import { openLogReader } from '../../../src/logs/reader/log-reader.js';
import { putBytes } from '../../s3/support/sealed-objects.js';
import type { Policy } from '../../support/s3/fake/access/policy.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import type { ForgedSegment, ForgedUnit } from '../support/forged-archive.js';
import { archiveId, forgeArchive, forgeSegment, torn } from '../support/forged-archive.js';
import { keys } from '../support/reading.js';
import { keyOf, readStore, storeSegments } from '../support/stored-archives.js';

const here = fakeForTests();
const ARCHIVE = 'ERR_SEALPIPE_ARCHIVE';
const STORE = 'ERR_SEALPIPE_STORE';
const unit = (first: number, ...lines: string[]): ForgedUnit => ({ lines, first, last: first + 9 });
const bucket = () => here.fake.world.bucket(here.bucket);
const three = (): ForgedSegment[] =>
  forgeArchive([
    { units: [unit(1_000, 'a', 'b')] },
    { units: [unit(2_000, 'c')] },
    { units: [unit(3_000, 'd')] },
  ]);
/** Somebody who may do so much. */
function clientWith(...actions: readonly string[]) {
  const policy: Policy = { Statement: [{ Effect: 'Allow', Action: actions, Resource: 'arn:aws:s3:::*' }] };
  const user = { accessKeyId: 'LIMITED', secretAccessKey: 'limited', policies: [policy] };
  here.fake.addUser(user);
  return here.clientWith({ ...here.fake.clientConfig(user), maxAttempts: 1 });
}

describe('an archive in a bucket', () => {
  it('is listed by pages, and each page once', async () => {
    const segments = forgeArchive(
      Array.from({ length: 5 }, (_, i) => ({ units: [unit(1_000 * i, `${i}`)] })),
    );
    storeSegments(bucket(), segments);
    here.fake.quirks.pageSize = 2;
    const read = await readStore(here);
    expect(read).toMatchObject({ lines: ['0', '1', '2', '3', '4'], code: undefined });
    expect(read.report.archives).toMatchObject([{ opened: 5, read: 5, tail: null, way: 'all' }]);
    // One page for the archives; three for the segments.
    expect(here.fake.seen.of('ListObjectsV2')).toHaveLength(4);
  });

  it('at the root of a bucket, or below a prefix with a / at its end', async () => {
    storeSegments(bucket(), three(), { prefix: '' });
    expect((await readStore(here, { store: `s3://${here.bucket}` })).lines).toEqual(['a', 'b', 'c', 'd']);
    storeSegments(bucket(), three(), { prefix: 'a/b/' });
    expect((await readStore(here, { store: `s3://${here.bucket}/a/b/` })).lines).toHaveLength(4);
  });

  it('reads with a client of its own, which it closes', async () => {
    storeSegments(bucket(), three());
    const store = `s3://${here.bucket}/logs`;
    const clientConfig = here.fake.clientConfig();
    const before = new Set(here.fake.sockets);
    const reader = await openLogReader({ store, clientConfig, keys });
    const lines: string[] = [];
    for await (const { line } of reader) lines.push(String(line));
    expect(lines).toEqual(['a', 'b', 'c', 'd']);
    const left = () => [...here.fake.sockets].filter((socket) => !before.has(socket)).length;
    await expect.poll(left).toBe(0);
  });

  it('passes over objects that are no segments, and the folder marks of other programs', async () => {
    storeSegments(bucket(), three());
    const folder = keyOf(0).slice(0, -12);
    const names = ['', 'note', '1', '000000000001.open', '000000000009-1-2.sealed', 'sub/000000000009'];
    for (const name of names) putBytes(bucket(), `${folder}${name}`, Buffer.from('x'));
    putBytes(bucket(), 'logs/readme', Buffer.from('x'));
    expect(await readStore(here)).toMatchObject({ lines: ['a', 'b', 'c', 'd'], code: undefined });
  });

  it('merges the archives below one prefix by time, or reads one of them', async () => {
    storeSegments(bucket(), three());
    const units = [unit(1_500, 'A'), unit(2_500, 'B')];
    storeSegments(bucket(), [forgeSegment({ index: 0, archive: 'other', units })], { archive: 'other' });
    expect((await readStore(here)).lines).toEqual(['a', 'b', 'A', 'c', 'B', 'd']);
    const archive = archiveId('other').toString('hex');
    expect((await readStore(here, { archive })).lines).toEqual(['A', 'B']);
    expect((await readStore(here, { last: 3 })).lines).toEqual(['c', 'B', 'd']);
  });

  it('of fifty writers is one log', async () => {
    for (let writer = 0; writer < 50; writer++) {
      const archive = `writer ${writer}`;
      const first = { units: [unit(1_000 + writer, `${1_000 + writer}`)] };
      const second = { units: [unit(2_000 + writer, `${2_000 + writer}`)] };
      storeSegments(
        bucket(),
        forgeArchive([
          { archive, ...first },
          { archive, ...second },
        ]),
        { archive },
      );
    }
    here.fake.quirks.pageSize = 7;
    const { lines, code, report } = await readStore(here);
    expect(code).toBeUndefined();
    expect(lines).toEqual(
      [1_000, 2_000].flatMap((first) => Array.from({ length: 50 }, (_, i) => `${first + i}`)),
    );
    expect(report.archives).toHaveLength(50);
  });

  it('has its torn segments vouched for by the ones behind them', async () => {
    const whole = forgeSegment({ index: 0, units: [unit(1, 'a'), unit(20, 'b')] });
    const cut = torn(whole, (stream) => stream.subarray(0, whole.preambleSize + whole.offsets[1]! + 11));
    const next = forgeSegment({ index: 1, previous: cut.digest, units: [unit(40, 'c')] });
    storeSegments(bucket(), [cut, next]);
    const { lines, report } = await readStore(here);
    expect(lines).toEqual(['a', 'c']);
    expect(report.archives[0]!.torn).toMatchObject([{ segment: 0, unread: 11 }]);
  });

  it('is refused for a gap, for a segment in the place of another, and for a fork', async () => {
    const segments = three();
    storeSegments(bucket(), [segments[0]!, segments[2]!]);
    expect(await readStore(here)).toMatchObject({ lines: [], code: ARCHIVE });
    putBytes(bucket(), keyOf(1), segments[2]!.stream);
    expect(await readStore(here)).toMatchObject({ lines: [], code: ARCHIVE });
    putBytes(bucket(), keyOf(1), segments[1]!.stream);
    expect(await readStore(here)).toMatchObject({ code: undefined });
    const fork = `${keyOf(2)}.fork-${'0a'.repeat(32)}`;
    putBytes(bucket(), fork, segments[2]!.stream);
    expect(await readStore(here)).toMatchObject({ lines: [], code: ARCHIVE });
    bucket().keys.delete(keyOf(2));
    const read = await readStore(here);
    expect(read).toMatchObject({ lines: [], code: ARCHIVE, message: expect.stringContaining('.fork-') });
  });

  it('says what right is missing', async () => {
    storeSegments(bucket(), three());
    await expect(readStore(here, { client: clientWith('s3:GetObject') })).rejects.toMatchObject({
      code: STORE,
      hint: expect.stringContaining('s3:ListBucket'),
    });
    const client = clientWith('s3:ListBucket');
    const reader = await openLogReader({ store: `s3://${here.bucket}/logs`, client, keys });
    await expect(reader.batches().next()).rejects.toMatchObject({
      code: STORE,
      hint: expect.stringContaining('s3:GetObject'),
    });
    const both = clientWith('s3:ListBucket', 's3:GetObject');
    expect(await readStore(here, { client: both })).toMatchObject({ code: undefined });
  });

  it('is missing from an empty prefix', async () => {
    await expect(readStore(here)).rejects.toMatchObject({
      code: ARCHIVE,
      message: expect.stringContaining(`s3://${here.bucket}/logs/`),
    });
    storeSegments(bucket(), three());
    await expect(readStore(here, { archive: '0'.repeat(32) })).rejects.toMatchObject({ code: ARCHIVE });
    await expect(readStore(here, { store: 's3://no-bucket/logs' })).rejects.toMatchObject({ code: STORE });
  });

  it('ends a reading that waits for the store as soon as it is told to', async () => {
    storeSegments(bucket(), three());
    const ending = new AbortController();
    here.fake.fault('GetObject', { kind: 'act', act: () => ending.abort(new Error('enough')) });
    here.fake.fault({ on: 'GetObject', times: 9 }, { kind: 'stall answer', after: 10 });
    const read = await readStore(here, { signal: ending.signal });
    expect(read.code).toBe('ABORT_ERR');
  });

  it('takes `directory` or `store`, and what belongs to it', async () => {
    const { bucket: name, client } = here;
    const wrong = [
      {},
      { directory: 'x', store: `s3://${name}` },
      { directory: 'x', client },
      { store: `s3://${name}`, client, clientConfig: {} },
      { store: 'x' },
      { store: `s3://${name}`, client: {} },
      { directory: `s3://${name}/logs` },
    ];
    for (const options of wrong) {
      const opening = openLogReader({ keys, ...options } as never);
      await expect(opening, JSON.stringify(Object.keys(options))).rejects.toMatchObject({
        code: 'ERR_SEALPIPE_OPTIONS',
      });
    }
  });
});
