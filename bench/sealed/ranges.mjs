// @ts-check
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { openSealed } from 'sealpipe';
import { ratioFigure } from '../figures.mjs';
import { GIB, KIB } from '../sizes.mjs';
import { atMost } from '../targets.mjs';
import { sparseSealedFile } from './sparse-file.mjs';

const SIZE = 4 * GIB;
/** The index of a frame of 64 KiB. */
const MIDDLE = 40_000;
const LENGTH = 4 * KIB;
const FRAME = 64 * KIB;
const ROUNDS = 40;

/**
 * A short read from a long file: how often it reads, how much it fetches, and how long it takes beside only opening the
 * file.
 *
 * @param {string} folder
 * @param {import('sealpipe').KeyProvider} keys
 */
export async function rangeFigures(folder, keys) {
  const path = join(folder, 'sparse');
  const unit = await sparseSealedFile(path, SIZE, MIDDLE, keys);
  // Across the edge of two frames.
  const start = (MIDDLE + 1) * FRAME - LENGTH / 2;
  const reads = await readsOf(path, start, keys);
  const fetched = reads.slice(1).reduce((sum, [from, to]) => sum + Math.ceil((to - from) / unit), 0);
  await timed(path, start, keys);
  const ratios = [];
  for (let round = 0; round < ROUNDS; round++) {
    const alone = await timed(path, undefined, keys);
    ratios.push((await timed(path, start, keys)) / alone);
  }
  return [
    ratioFigure('4 KiB from 4 GiB, reads of the source', [reads.length], atMost('sealedReads')),
    ratioFigure('4 KiB from 4 GiB, frames fetched', [fetched], atMost('sealedFrames')),
    ratioFigure('4 KiB from 4 GiB, time / that of open and unwrap', ratios, atMost('sealedRead')),
  ];
}

/** @param {string} path @param {number} start @param {import('sealpipe').KeyProvider} keys */
async function readsOf(path, start, keys) {
  /** @type {[number, number][]} */
  const reads = [];
  const handle = await open(path);
  try {
    const reader = await openSealed(
      {
        size: async () => (await handle.stat()).size,
        /** @param {number} from @param {number} to */
        read: async (from, to) => {
          reads.push([from, to]);
          return (await handle.read(Buffer.alloc(to - from), 0, to - from, from)).buffer;
        },
      },
      { keys },
    );
    await reader.read(start, start + LENGTH);
    await reader.close();
  } finally {
    await handle.close();
  }
  return reads;
}

/** @param {string} path @param {number | undefined} start @param {import('sealpipe').KeyProvider} keys */
async function timed(path, start, keys) {
  const since = performance.now();
  const reader = await openSealed(path, { keys });
  if (start !== undefined) await reader.read(start, start + LENGTH);
  await reader.close();
  return performance.now() - since;
}
