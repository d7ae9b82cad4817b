import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { verifyArchive } from '../../../src/logs/proof/verify-archive.js';
import { HoldingRoom } from '../../../src/logs/store/held-object.js';
import { putBytes } from '../../s3/support/sealed-objects.js';
import type { Answer } from '../../support/s3/fake/answer.js';
import type { S3Request } from '../../support/s3/fake/request.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import type { ForgedSegment, ForgedUnit } from '../support/forged-archive.js';
import { forgeArchive, forgeSegment } from '../support/forged-archive.js';
import { keys } from '../support/reading.js';
import { keyOf, readStore, storeSegments } from '../support/stored-archives.js';

const here = fakeForTests();
const STORE = 'ERR_SEALPIPE_STORE';
const unit = (first: number, ...lines: string[]): ForgedUnit => ({ lines, first, last: first + 9 });
const bucket = () => here.fake.world.bucket(here.bucket);
const three = (): ForgedSegment[] =>
  forgeArchive(['a', 'b', 'c'].map((line, i) => ({ units: [unit(1_000 * i, line)] })));
/** The last one is longer than what the first request asks for. */
const long = (): ForgedSegment[] =>
  forgeArchive([
    { units: [unit(1_000, 'a')] },
    { units: Array.from({ length: 60 }, (_, i) => unit(2_000 + 10 * i, `${i}`.padEnd(3_000, 'x'))) },
  ]);

describe('a store that goes wrong while an archive is read', () => {
  it('goes on where a connection breaks, and through 503', async () => {
    const segments = long();
    storeSegments(bucket(), segments);
    here.fake.fault('ListObjectsV2', { kind: 'refuse', status: 503, code: 'SlowDown' });
    here.fake.fault({ on: 'GetObject', skip: 2 }, { kind: 'refuse', status: 503, code: 'SlowDown' });
    here.fake.fault({ on: 'GetObject', skip: 3 }, { kind: 'cut answer', after: 1_000 });
    const { lines, code } = await readStore(here);
    expect([lines.length, code]).toEqual([61, undefined]);
    expect(here.fake.seen.of('GetObject').filter(({ status }) => status === 503)).toHaveLength(1);
  });

  it('never mixes an object with its successor', async () => {
    const segments = long();
    storeSegments(bucket(), segments);
    const other = Buffer.from(segments[1]!.stream);
    other[other.length - 1]! ^= 1;
    const act = () => void putBytes(bucket(), keyOf(1), other);
    const isReadOn = ({ operation, key }: { operation: string; key: string }) =>
      operation === 'GetObject' && key === keyOf(1);
    here.fake.fault({ on: isReadOn, skip: 1 }, { kind: 'act', act });
    const read = await readStore(here);
    expect(read).toMatchObject({ code: 'ERR_SEALPIPE_CHANGED' });
    expect(read.message).toContain('000000000001');
    expect(read.lines).toEqual(['a']);
  });

  it('is not trusted with ranges: other bytes than were asked for are a fault of the store', async () => {
    storeSegments(bucket(), long());
    here.fake.quirks.ignoresRanges = true;
    const read = await readStore(here);
    expect(read).toMatchObject({ lines: [], code: STORE });
  });

  it('takes no answer that was altered on its way for a crash of the writer', async () => {
    const [longer] = forgeArchive([
      { units: Array.from({ length: 60 }, (_, i) => unit(10 * i, `${i}`.padEnd(3_000, 'x'))) },
    ]) as [ForgedSegment];
    const next = forgeSegment({ index: 1, previous: longer.digest, units: [unit(5_000, 'y')] });
    storeSegments(bucket(), [longer, next]);
    const isWhole = ({ operation, key, headers }: S3Request) =>
      operation === 'GetObject' && key === keyOf(0) && headers['range'] !== 'bytes=0-65535';
    const isWholeOnce = { on: isWhole };
    const alter = (answer: Answer): Answer => {
      const body = Buffer.concat([...answer.body]);
      body[100_000]! ^= 1;
      return { ...answer, body: [body] };
    };
    // Without memory to hold it, the first reading is that of the digest, the second one that of the lines.
    here.fake.fault({ on: isWhole, skip: 1 }, { kind: 'alter', alter });
    const read = await readStore(here, {}, { room: new HoldingRoom(0) });
    expect(read).toMatchObject({ code: 'ERR_SEALPIPE_CHANGED' });
    expect(read.lines.length).toBeLessThan(60);
    // With it, both are of one answer.
    here.fake.fault(isWholeOnce, { kind: 'alter', alter });
    expect(await readStore(here)).toMatchObject({ lines: [], code: 'ERR_SEALPIPE_ARCHIVE' });
    here.fake.fault(isWholeOnce, { kind: 'alter', alter });
    const proof = await verifyArchive({ store: `s3://${here.bucket}/logs`, client: here.client, keys });
    expect(proof.verified).toBe(false);
    expect(proof.archives[0]!.problems).not.toEqual([]);
    expect(await readStore(here)).toMatchObject({ lines: { length: 61 }, code: undefined });
  });

  it.each(['deleted', 'behind a delete marker'])(
    'finds a gap if an object is %s between the listing and the reading',
    async (how) => {
      if (how !== 'deleted') bucket().versioning = 'Enabled';
      storeSegments(bucket(), three());
      const remove = async (): Promise<void> => {
        if (how === 'deleted') bucket().keys.delete(keyOf(1));
        else await here.client.send(new DeleteObjectCommand({ Bucket: here.bucket, Key: keyOf(1) }));
      };
      const place = { store: `s3://${here.bucket}/logs`, client: here.client, keys };
      here.fake.fault('GetObject', { kind: 'act', act: remove });
      const read = await readStore(here);
      expect(read).toMatchObject({ lines: [], code: 'ERR_SEALPIPE_ARCHIVE' });
      expect(read.message).toContain('segment 1 is missing: 000000000001 was removed');
      // One more listing confirms it.
      expect(here.fake.seen.of('ListObjectsV2').length).toBe(3);
      storeSegments(bucket(), three());
      here.fake.fault('GetObject', { kind: 'act', act: remove });
      const { verified, archives } = await verifyArchive(place);
      expect(verified).toBe(false);
      expect(archives[0]!.problems).toContainEqual(
        expect.objectContaining({ segment: 1, code: 'ERR_SEALPIPE_ARCHIVE' }),
      );
    },
  );

  it('is asked for a segment once: its digest and its lines are of one answer', async () => {
    const more = Array.from({ length: 60 }, (_, i) => unit(2_000 + 10 * i, `${i}`.padEnd(3_000, 'x')));
    const segments = forgeArchive([{ units: more }, { units: more }, { units: [unit(9_000, 'last')] }]);
    storeSegments(bucket(), segments);
    const asked = (): string[] =>
      here.fake.seen
        .of('GetObject')
        .filter(({ headers }) => headers['range'] !== 'bytes=0-65535')
        .map(({ key }) => key);
    expect((await readStore(here)).lines).toHaveLength(121);
    expect(asked()).toEqual([keyOf(0), keyOf(1)]);
    here.fake.seen.requests.length = 0;
    const place = { store: `s3://${here.bucket}/logs`, client: here.client, keys };
    expect((await verifyArchive(place)).verified).toBe(true);
    expect(asked()).toEqual([keyOf(0), keyOf(1)]);
    here.fake.seen.requests.length = 0;
    expect((await readStore(here, {}, { room: new HoldingRoom(0) })).lines).toHaveLength(121);
    expect(asked()).toEqual([keyOf(0), keyOf(0), keyOf(1), keyOf(1)]);
  });

  it('says what the store says of an object that it lists and does not have', async () => {
    storeSegments(bucket(), three());
    const refused = { kind: 'refuse', status: 404, code: 'NoSuchKey' } as const;
    here.fake.fault({ on: ({ key }) => key === keyOf(1), times: 2 }, refused);
    const read = await readStore(here);
    expect(read).toMatchObject({ lines: [], code: STORE });
    expect(read.message).toMatch(/000000000001: .*There is no such object/);
  });
});
