import type { S3Client } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { openLogReader, verifyArchive } from '../../../src/logs/index.js';
import { pruneArchive } from '../../../src/logs/upkeep/prune-archive.js';
import { archiveId, forgeArchive } from '../../logs/support/forged-archive.js';
import { keys } from '../../logs/support/reading.js';
import { storeSegments } from '../../logs/support/stored-archives.js';
import type { Bucket } from '../../support/s3/fake/state.js';

/** Puts an archive of four segments with a line each into a bucket, below `logs/`. */
export function storeArchive(bucket: Bucket): void {
  const recipes = [0, 1, 2, 3].map((at) => ({ units: [{ lines: [String(at)], first: at, last: at }] }));
  storeSegments(bucket, forgeArchive(recipes));
}

/** Verifies it, and reads it. */
export async function readArchive(client: S3Client, bucket: string): Promise<void> {
  const store = `s3://${bucket}/logs`;
  expect((await verifyArchive({ client, store, keys })).verified).toBe(true);
  await using reader = await openLogReader({ client, store, keys });
  const lines: string[] = [];
  for await (const { line } of reader) lines.push(line.toString());
  expect(lines).toEqual(['0', '1', '2', '3']);
}

/** Removes what may go of it. */
export async function pruneStoredArchive(client: S3Client, bucket: string): Promise<void> {
  const archive = archiveId().toString('hex');
  const where = { client, store: `s3://${bucket}/logs`, archive };
  const { removed, failure } = await pruneArchive({
    ...where,
    keys,
    before: 1e9,
    keep: async () => undefined,
  });
  if (failure !== null) throw failure;
  expect(removed).toHaveLength(2);
}
