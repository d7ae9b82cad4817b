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
 * Finds the size of a stream that takes about `about` seconds: makes streams longer until one does.
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
    const taken = Math.min(seconds, cpu); // without delays by other programs, and without helper threads
    if (size === most || taken * 1.5 > about) return { prepared, size, taken };
    // Only half of the size at once, since first runs are slow.
    const doublings = Math.max(1, Math.floor(Math.log2(about / taken)) - 1);
    size = Math.min(most, size * 2 ** doublings);
  }
}
