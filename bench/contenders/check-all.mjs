// @ts-check
import { runChild } from '../child.mjs';

/**
 * Checks every contender once, with the chunk size that it is going to be measured with.
 *
 * @param {readonly { contender: import('./contender.mjs').Spec, chunkSize: number }[]} list
 * @throws Error where one does not give back what it was given
 */
export async function checkAll(list) {
  const checks = list.map(({ contender, chunkSize }) => ({ contender, chunkSize }));
  const distinct = [...new Map(checks.map((one) => [JSON.stringify(one), one])).values()];
  await runChild('contenders/check-process.mjs', distinct);
}
