import type { HeldSource } from '../../sources/held-source.js';
import { RUN_SIZE } from '../reading/ranges.js';

/** The position of the last non-zero byte from `start` on, or undefined. */
export async function lastNonZero(
  source: HeldSource,
  start: number,
  end: number,
  stop: AbortSignal,
): Promise<number | undefined> {
  for (let to = end; to > start; ) {
    const from = Math.max(start, to - RUN_SIZE);
    const bytes = await source.read(from, to, stop);
    const at = bytes.findLastIndex((byte) => byte !== 0);
    if (at >= 0) return from + at;
    to = from;
  }
  return undefined;
}
