import { describe, expect, it, onTestFinished } from 'vitest';
import { isSealpipeError, SealpipeError } from '../../../src/errors.js';
import type { KeyProvider } from '../../../src/keys/provider.js';
import type { StoreWatch } from '../../../src/logs/archive/archive-store.js';
import { openReaderAt } from '../../../src/logs/reader/log-reader.js';
import { HoldingRoom } from '../../../src/logs/store/held-object.js';
import type { Pace } from '../../../src/s3/store/pace.js';
import { IMPATIENT, putBytes, QUICK } from '../../s3/support/sealed-objects.js';
import type { S3Request } from '../../support/s3/fake/request.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import type { ForgedSegment, ForgedUnit } from '../support/forged-archive.js';
import { forgeArchive, forgeSegment, torn } from '../support/forged-archive.js';
import { keys } from '../support/reading.js';
import { keyOf, storeSegments } from '../support/stored-archives.js';

const here = fakeForTests();
const bucket = () => here.fake.world.bucket(here.bucket);
const unit = (first: number, ...lines: string[]): ForgedUnit => ({ lines, first, last: first });
/** Tries beyond the faults of a test: a busy machine adds some of its own, as a connection that was idle for too long. */
const PACE: Pace = { ...QUICK, tries: 20, stallAfter: 60_000 };
/** The same with few tries: an outage is longer than these. */
const BRIEF: Pace = { ...QUICK, stallAfter: 60_000 };
const WATCH: StoreWatch = { grows: false, pause: 20, list: 0, listAtOnce: 0, archives: 40, outage: 20 };

/** A reader that follows, and the lines that it has given so far. */
async function following(
  options: { last?: number; since?: number; keys?: KeyProvider } = {},
  pace = PACE,
  room?: HoldingRoom,
) {
  const store = `s3://${here.bucket}/logs`;
  const asked = { store, client: here.client, keys, follow: true, ...options };
  const outages: (string | undefined)[] = [];
  const onOutage = (failure?: SealpipeError) => void outages.push(failure?.code);
  const reader = await openReaderAt(asked, { pace, watch: WATCH, onOutage, ...(room && { room }) });
  onTestFinished(() => reader.close());
  const lines: string[] = [];
  const over = (async () => {
    for await (const { line } of reader) lines.push(line.toString());
  })();
  over.catch(() => undefined);
  const until = (...wanted: string[]) =>
    expect.poll(() => lines, { timeout: 60_000, interval: 10 }).toEqual(wanted);
  return { reader, over, until, outages };
}

const four = (): ForgedSegment[] =>
  forgeArchive(['a', 'b', 'c', 'd'].map((line, i) => ({ units: [unit(i, line)] })));

describe('a reader that follows a bucket', () => {
  it('gives segments as they come, lists what came alone, and finds archives that begin later', async () => {
    const segments = four();
    storeSegments(bucket(), segments.slice(0, 2));
    const { until, reader } = await following();
    await until('a', 'b');
    storeSegments(bucket(), segments.slice(2, 3));
    await until('a', 'b', 'c');
    const after = here.fake.seen.of('ListObjectsV2').map(({ query }) => query['start-after']);
    expect(after).toContain(keyOf(1));
    storeSegments(bucket(), [segments[3]!]);
    await until('a', 'b', 'c', 'd');
    const other = forgeSegment({ index: 0, archive: 'other', units: [unit(9, 'A')] });
    storeSegments(bucket(), [other], { archive: 'other' });
    await until('a', 'b', 'c', 'd', 'A');
    await reader.close();
  });

  it('opens nothing twice, and reads nothing, while nothing comes', async () => {
    storeSegments(bucket(), four());
    const { until } = await following({ last: 1 });
    await until('d');
    const reads = here.fake.seen.of('GetObject').length;
    const listings = () => here.fake.seen.of('ListObjectsV2').length;
    const before = listings();
    await expect.poll(listings, { timeout: 60_000, interval: 10 }).toBeGreaterThan(before + 5);
    expect(here.fake.seen.of('GetObject')).toHaveLength(reads);
  });

  it('waits for the segment that vouches for a torn one, also if its end does not verify', async () => {
    const whole = forgeSegment({ index: 0, units: [unit(1, 'a'), unit(2, 'b')] });
    const cut = torn(whole, (stream) => {
      const end = whole.preambleSize + whole.offsets[1]!;
      return Buffer.concat([stream.subarray(0, end), Buffer.alloc(50)]);
    });
    storeSegments(bucket(), [cut]);
    const { until, reader } = await following();
    await until('a');
    expect(reader.report.archives[0]!.tail).toMatchObject({ damaged: true, unread: 50 });
    const next = forgeSegment({ index: 1, previous: cut.digest, units: [unit(3, 'c')] });
    storeSegments(bucket(), [next]);
    await until('a', 'c');
    expect(reader.report.archives[0]).toMatchObject({ tail: null, torn: [{ segment: 0 }] });
  });

  it('fails for a fork, and for a segment that was written after another one', async () => {
    const segments = four();
    storeSegments(bucket(), segments.slice(0, 2));
    const forked = await following();
    await forked.until('a', 'b');
    const fork = `${keyOf(1)}.fork-${'0a'.repeat(32)}`;
    putBytes(bucket(), fork, segments[1]!.stream);
    await expect(forked.over).rejects.toMatchObject({ code: 'ERR_SEALPIPE_ARCHIVE' });
    bucket().keys.delete(fork);
    const wrong = await following();
    await wrong.until('a', 'b');
    storeSegments(bucket(), [forgeSegment({ index: 2, previous: '1'.repeat(64), units: [unit(9, 'x')] })]);
    await expect(wrong.over).rejects.toMatchObject({ code: 'ERR_SEALPIPE_ARCHIVE' });
  });

  it('goes on through a store that fails for a while, and ends at once when it is closed', async () => {
    const segments = four();
    storeSegments(bucket(), segments.slice(0, 1));
    const { until, reader, over } = await following();
    await until('a');
    here.fake.fault({ on: 'ListObjectsV2', times: 2 }, { kind: 'refuse', status: 503, code: 'SlowDown' });
    storeSegments(bucket(), segments);
    await until('a', 'b', 'c', 'd');
    here.fake.fault({ on: 'ListObjectsV2', times: 99 }, { kind: 'stall answer', after: 0 });
    await reader.close();
    await over;
  });
});

const STORE = 'ERR_SEALPIPE_STORE';
const DOWN = { kind: 'refuse', status: 503, code: 'ServiceUnavailable' } as const;

describe('an outage while a bucket is followed', () => {
  it.each(['ListObjectsV2', 'GetObject'] as const)('of %s is waited out and reported', async (on) => {
    const segments = four();
    storeSegments(bucket(), segments.slice(0, 1));
    const { until, outages, reader, over } = await following({}, BRIEF);
    await until('a');
    here.fake.fault({ on, times: 12 }, DOWN);
    storeSegments(bucket(), segments);
    await until('a', 'b', 'c', 'd');
    await expect.poll(() => outages, { timeout: 60_000, interval: 10 }).toEqual([STORE, undefined]);
    expect(reader.report.archives[0]).toMatchObject({ lines: 4, read: 4, tail: null });
    await reader.close();
    await over;
  });

  it('in the middle of a segment loses no line and gives none twice', async () => {
    const [first, second] = forgeArchive([
      { units: [unit(1, 'a')] },
      { units: Array.from({ length: 900 }, (_, i) => unit(2 + i, `${i}`.padEnd(3_000, 'x'))) },
    ]) as [ForgedSegment, ForgedSegment];
    storeSegments(bucket(), [first]);
    const { until, outages, reader } = await following({}, BRIEF, new HoldingRoom(0));
    await until('a');
    const isDeep = ({ operation, headers }: S3Request) =>
      operation === 'GetObject' && Number(/\d+/.exec(headers['range'] ?? '')?.[0]) > 1_000_000;
    here.fake.fault({ on: isDeep, times: 9 }, DOWN);
    storeSegments(bucket(), [second]);
    await until('a', ...Array.from({ length: 900 }, (_, i) => `${i}`.padEnd(3_000, 'x')));
    expect(outages[0]).toBe(STORE);
    expect(reader.report.archives[0]).toMatchObject({ lines: 901 });
  });

  it('while a segment is begun does not read the one before again', async () => {
    const [first, second] = forgeArchive([
      { units: [unit(1, 'a')] },
      { units: Array.from({ length: 900 }, (_, i) => unit(2 + i, `${i}`.padEnd(3_000, 'x'))) },
    ]) as [ForgedSegment, ForgedSegment];
    storeSegments(bucket(), [first]);
    const { until, outages } = await following({ since: 0 }, BRIEF, new HoldingRoom(0));
    await until('a');
    const isAtEnd = ({ operation, headers }: S3Request) =>
      operation === 'GetObject' && Number(/\d+/.exec(headers['range'] ?? '')?.[0]) > 1_000_000;
    here.fake.fault({ on: isAtEnd, times: 12 }, DOWN);
    storeSegments(bucket(), [second]);
    await expect.poll(() => outages, { timeout: 60_000, interval: 1 }).toEqual([STORE]);
    const readings = () => here.fake.seen.of('GetObject').filter(({ key }) => key === keyOf(0)).length;
    const before = readings();
    await until('a', ...Array.from({ length: 900 }, (_, i) => `${i}`.padEnd(3_000, 'x')));
    expect(readings()).toBe(before);
  });

  it('is reported as soon as a request stalls, before its tries are used up', async () => {
    const segments = four();
    storeSegments(bucket(), segments.slice(0, 1));
    const { until, outages } = await following({}, { ...PACE, stallAfter: IMPATIENT.stallAfter });
    await until('a');
    here.fake.fault({ on: 'ListObjectsV2', times: 1 }, { kind: 'stall answer', after: 0 });
    await expect
      .poll(() => outages.slice(0, 2), { timeout: 60_000, interval: 10 })
      .toEqual([STORE, undefined]);
    storeSegments(bucket(), segments);
    await until('a', 'b', 'c', 'd');
  });

  it('of the key service is waited out', async () => {
    const segments = four();
    storeSegments(bucket(), segments.slice(0, 1));
    let left = 0;
    const failing: KeyProvider = {
      id: keys.id,
      generate: (request) => keys.generate(request),
      wrap: (dataKey, request) => keys.wrap(dataKey, request),
      matches: (recipient) => keys.matches(recipient),
      unwrap: (...call) => {
        if (left-- > 0) throw new SealpipeError('ERR_SEALPIPE_KEY_UNAVAILABLE', 'down', { retryable: true });
        return keys.unwrap(...call);
      },
    };
    const { until, outages } = await following({ keys: failing });
    await until('a');
    left = 3;
    storeSegments(bucket(), segments);
    await until('a', 'b', 'c', 'd');
    await expect
      .poll(() => outages, { timeout: 60_000, interval: 10 })
      .toEqual(['ERR_SEALPIPE_KEY_UNAVAILABLE', undefined]);
  });

  it.each([
    [403, 'AccessDenied'],
    [404, 'NoSuchBucket'],
  ])('is none if the answer is %i %s: that ends it at once', async (status, code) => {
    storeSegments(bucket(), four());
    const { until, over, outages } = await following();
    await until('a', 'b', 'c', 'd');
    here.fake.fault({ on: 'ListObjectsV2', times: 1 }, { kind: 'refuse', status, code });
    const failure: unknown = await over.catch((error: unknown) => error);
    expect(isSealpipeError(failure) && failure.code).toBe(STORE);
    expect(outages).toEqual([]);
  });

  it('before the end was reached is not waited out', async () => {
    storeSegments(bucket(), four());
    here.fake.fault({ on: 'GetObject', times: 99 }, DOWN);
    const { over } = await following({}, BRIEF);
    await expect(over).rejects.toMatchObject({ code: STORE });
  });

  it('leaves the reader free to end', async () => {
    storeSegments(bucket(), four());
    const { until, reader, over, outages } = await following({}, BRIEF);
    await until('a', 'b', 'c', 'd');
    here.fake.fault({ on: 'ListObjectsV2', times: 9_999 }, DOWN);
    await expect.poll(() => outages, { timeout: 60_000 }).toEqual([STORE]);
    await reader.close();
    await over;
  });
});
