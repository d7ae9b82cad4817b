import { expect } from 'vitest';
import type { Checkpoint } from '../../../src/logs/archive/checkpoint.js';
import { verifyArchive } from '../../../src/logs/proof/verify-archive.js';
import type { ArchiveProof } from '../../../src/logs/proof/verify-report.js';
import { openLogReader } from '../../../src/logs/reader/log-reader.js';
import { keys } from '../../support/test-keys.js';

/** The lines of the archives in a folder, as our reader gives them. */
export async function readLines(directory: string): Promise<string[]> {
  const lines: string[] = [];
  const reader = await openLogReader({ directory, keys });
  for await (const { lines: batch } of reader.batches()) {
    for (const line of batch) lines.push(Buffer.from(line).toString());
  }
  await reader.close();
  return lines;
}

/** Makes sure that the one archive in a folder holds together, authenticated by its keys. */
export async function expectProof(directory: string, checkpoint?: Checkpoint): Promise<ArchiveProof> {
  const { archives } = await verifyArchive({ directory, keys, checkpoint });
  expect(archives).toHaveLength(1);
  const proof = archives[0]!;
  expect(proof.problems).toEqual([]);
  expect(proof).toMatchObject({ holds: true, authenticated: true, verified: true });
  return proof;
}
