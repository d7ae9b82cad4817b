// @ts-check
import { costOf } from './cost.mjs';

/**
 * Finds how long streams have to be for one of them to take about `seconds`: doubles the size until they do.
 *
 * @template {{ run(): Promise<unknown> }} T
 * @param {(size: number) => Promise<T>} prepare
 * @param {{ seconds: number, from: number, most: number }} options bytes of the shortest and of the longest stream
 */
export async function calibrated(prepare, { seconds, from, most }) {
  for (let size = from; ; size *= 2) {
    const prepared = await prepare(size);
    await prepared.run();
    const { seconds: taken } = await costOf(prepared.run);
    if (size * 2 > most || taken * 1.5 > seconds) return { prepared, size, taken };
  }
}
