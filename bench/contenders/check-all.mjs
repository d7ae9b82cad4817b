// @ts-check
import { runChild } from '../child.mjs';

/**
 * Checks every contender once, with the chunk size that it will be measured with.
 *
 * @param {readonly { contender: import('./contender.mjs').Spec, chunkSize: number }[]} list
 * @throws Error if one does not return the plaintext that it was given
 */
export async function checkAll(list) {
  const checks = list.map(({ contender, chunkSize }) => ({ contender, chunkSize }));
  const distinct = [...new Map(checks.map((one) => [JSON.stringify(one), one])).values()];
  await runChild('contenders/check-process.mjs', distinct);
}
