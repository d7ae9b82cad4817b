import { slowRun } from './prerequisite.js';
import { seededRandom } from './seeded-random.js';

/** Whether long lists of cases run whole (`SEALPIPE_WHOLE=1`), rather than as a sample of them. */
export const wholeRun = slowRun || process.env.SEALPIPE_WHOLE === '1';

/**
 * What `SEALPIPE_SEED` says, which vitest.config.ts sets and the end of a run prints: the same seed takes the same
 * samples.
 */
const SEED = process.env.SEALPIPE_SEED ?? '';

/**
 * At most so many of the items, in their order, the first and the last among them; all of them in a whole run.
 *
 * @param label tells samples of one run apart
 */
export function sampled<T>(items: Iterable<T>, most: number, label: string): T[] {
  const all = [...items];
  if (wholeRun || all.length <= most) return all;
  const random = randomOf(label);
  const taken = new Set([0, all.length - 1]);
  while (taken.size < most) taken.add(Math.floor(random() * all.length));
  return [...taken].sort((a, b) => a - b).map((index) => all[index]!);
}

/**
 * How often a property is tried: a quarter of `whole`, and all of it in a whole run. If one fails, fast-check prints the
 * seed that brings it again.
 */
export function runs(whole: number): number {
  return wholeRun ? whole : Math.ceil(whole / 4);
}

/** Random numbers of this run: the same seed gives the same. */
export function randomOf(label: string): () => number {
  return seededRandom(`${SEED} ${label}`);
}
