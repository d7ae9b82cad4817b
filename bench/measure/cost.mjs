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
