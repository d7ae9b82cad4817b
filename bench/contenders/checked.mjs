// @ts-check
import { randomMemory } from '../streams/input.mjs';
import { Collector } from '../streams/sinks.mjs';
import { contenderOf, nameOf } from './contender.mjs';

/**
 * Fails unless what a contender seals is opened by itself, and by other code, to the plaintext it was given. The
 * plaintext has several frames, and an odd end.
 *
 * @param {import('./contender.mjs').Spec} spec
 * @param {number} chunkSize
 */
export async function check(spec, chunkSize) {
  const contender = await contenderOf(spec);
  const frameSize = 'frameSize' in spec ? spec.frameSize : 65_536;
  const size = 2 * frameSize + 4_321;
  const memory = randomMemory(size);
  const output = new Collector(2 * size + 65_536);
  const sealed = await contender.seal({ memory, size, chunkSize }, output.take);
  const opened = new Collector(size);
  await sealed.open({ memory: output.bytes, size: output.bytes.length, chunkSize }, opened.take);
  for (const plaintext of [opened.bytes, await sealed.openElsewhere(output.bytes)]) {
    if (memory.compare(plaintext) !== 0)
      throw new Error(`${nameOf(spec)} does not give back what it was given`);
  }
}
