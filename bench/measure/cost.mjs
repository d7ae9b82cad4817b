// @ts-check

/**
 * What a piece of work cost.
 *
 * @typedef {object} Cost
 * @property {number} seconds
 * @property {number} cpu seconds of CPU of the whole process, helper threads included
 */

/**
 * @param {() => Promise<unknown>} work
 * @returns {Promise<Cost>}
 */
export async function costOf(work) {
  const before = process.cpuUsage();
  const start = process.hrtime.bigint();
  await work();
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const { user, system } = process.cpuUsage(before);
  return { seconds, cpu: (user + system) / 1e6 };
}

/**
 * Finds how long streams have to be for one of them to take about `seconds`: doubles the size until they do.
 *
 * @template {{ run(): Promise<unknown> }} T
 * @param {(size: number) => Promise<T>} prepare
 * @param {{ seconds: number, from: number, most: number }} options bytes of the shortest and of the longest stream
 * @returns {Promise<{ prepared: T, size: number, taken: number }>} `taken`: the seconds of one stream
 */
export async function calibrated(prepare, { seconds, from, most }) {
  for (let size = from; ; size *= 2) {
    const prepared = await prepare(size);
    await prepared.run();
    const { seconds: taken } = await costOf(prepared.run);
    if (size * 2 > most || taken * 1.5 > seconds) return { prepared, size, taken };
  }
}
