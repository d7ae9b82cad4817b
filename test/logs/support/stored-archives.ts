import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { segmentDigits } from '../../../src/logs/archive/segment-name.js';
import { openReaderAt } from '../../../src/logs/reader/log-reader.js';
import type { LogReaderOptions } from '../../../src/logs/reader/log-reader-options.js';
import type { BucketTimes } from '../../../src/logs/store/bucket-store.js';
import { putBytes, QUICK } from '../../s3/support/sealed-objects.js';
import type { Bucket } from '../../support/s3/fake/state.js';
import type { FakeForTests } from '../../support/s3/fake-for-tests.js';
import type { ForgedSegment } from './forged-archive.js';
import { archiveId } from './forged-archive.js';
import type { WasRead } from './reading.js';
import { keys, readOut } from './reading.js';

/** Where the archives of these tests are. */
export const PREFIX = 'logs/';

/** Puts segments by the back door to where a writer sends them. @returns their keys */
export function storeSegments(
  bucket: Bucket,
  segments: readonly Pick<ForgedSegment, 'index' | 'stream'>[],
  { prefix = PREFIX, archive }: { prefix?: string; archive?: string } = {},
): string[] {
  return segments.map(({ index, stream }) => {
    const key = keyOf(index, { prefix, archive });
    putBytes(bucket, key, stream);
    return key;
  });
}

/** The key of a segment. @param archive what the archive's id follows from */
export function keyOf(
  index: number,
  { prefix = PREFIX, archive }: { prefix?: string; archive?: string | undefined } = {},
): string {
  return `${prefix}${archiveId(archive).toString('hex')}/${segmentDigits(index)}`;
}

/** Puts the finished segments of a folder of archives there, each under its index. */
export function storeFolder(bucket: Bucket, directory: string, prefix = PREFIX): void {
  for (const archive of readdirSync(directory).filter((name) => /^[0-9a-f]{32}$/.test(name))) {
    for (const name of readdirSync(join(directory, archive)).filter((one) => one.endsWith('.sealed'))) {
      putBytes(
        bucket,
        `${prefix}${archive}/${name.slice(0, 12)}`,
        readFileSync(join(directory, archive, name)),
      );
    }
  }
}

/** Reads all that is in the bucket. */
export async function readStore(
  { bucket, client }: FakeForTests,
  options: Partial<LogReaderOptions> = {},
  times: BucketTimes = {},
): Promise<WasRead> {
  const store = `s3://${bucket}/logs`;
  return readOut(await openReaderAt({ store, client, keys, ...options }, { pace: QUICK, ...times }));
}
