import type { UnitBatch } from './log-batch.js';

interface Head {
  readonly batches: AsyncGenerator<UnitBatch, void, void>;
  batch: UnitBatch;
}

/** A whole segment has to be read before its first line, so archives are started in parallel. */
const BEGUN_AT_ONCE = 8;

/**
 * Merges several sequences: each keeps its order, and batches of different ones are ordered by the time of their first
 * line.
 */
export async function* mergedByTime(
  all: readonly AsyncGenerator<UnitBatch, void, void>[],
): AsyncGenerator<UnitBatch, void, void> {
  const heads: Head[] = [];
  try {
    for (let i = 0; i < all.length; i += BEGUN_AT_ONCE) {
      const begun = all.slice(i, i + BEGUN_AT_ONCE);
      const firsts = await Promise.all(begun.map((batches) => batches.next()));
      for (const [at, { value, done }] of firsts.entries()) {
        if (!done) heads.push({ batches: begun[at]!, batch: value });
      }
    }
    while (heads.length > 0) {
      const earliest = heads.reduce((a, b) => (b.batch.first < a.batch.first ? b : a));
      yield earliest.batch;
      const { value, done } = await earliest.batches.next();
      if (done) heads.splice(heads.indexOf(earliest), 1);
      else earliest.batch = value;
    }
  } finally {
    for (const batches of all) await batches.return();
  }
}

/** Lines at the front that are more than wanted. Fewer, if an archive turns out to give fewer lines. */
export interface Excess {
  lines: number;
}

/** The batches without the excess, which is counted down. */
export async function* withoutFirst(
  batches: AsyncGenerator<UnitBatch, void, void>,
  excess: Excess,
): AsyncGenerator<UnitBatch, void, void> {
  for await (const batch of batches) {
    const taken = Math.min(excess.lines, batch.count);
    excess.lines -= taken;
    if (taken === 0) yield batch;
    else if (taken < batch.count) yield batch.without(taken);
  }
}
