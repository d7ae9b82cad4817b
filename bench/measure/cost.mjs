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
 * Finds how long streams have to be for one of them to take about so many seconds: makes them longer until they do.
 *
 * @template {{ run(): Promise<unknown> }} T
 * @param {(size: number) => Promise<T>} prepare
 * @param {{ about: number, from: number, most: number }} options seconds; bytes of the shortest stream, and of the
 *   longest, which is a power of two times as long
 * @returns {Promise<{ prepared: T, size: number, taken: number }>} `taken`: the seconds of one stream
 */
export async function calibrated(prepare, { about, from, most }) {
  for (let size = from; ; ) {
    const prepared = await prepare(size);
    await prepared.run();
    const { seconds, cpu } = await costOf(prepared.run);
    const taken = Math.min(seconds, cpu); // not what other programs held it up, nor what helper threads did
    if (size === most || taken * 1.5 > about) return { prepared, size, taken };
    // Half of the way at once, since what runs for the first time is slow.
    const doublings = Math.max(1, Math.floor(Math.log2(about / taken)) - 1);
    size = Math.min(most, size * 2 ** doublings);
  }
}
