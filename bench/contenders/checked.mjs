// @ts-check
import { randomMemory } from '../streams/input.mjs';
import { Collector } from '../streams/sinks.mjs';
import { contenderOf, nameOf } from './contender.mjs';

/**
 * Fails unless a contender passes {@link assertRoundTrip}.
 *
 * @param {import('./contender.mjs').Spec} spec
 * @param {number} chunkSize bytes
 */
export async function check(spec, chunkSize) {
  const frameSize = 'frameSize' in spec ? spec.frameSize : 65_536;
  await assertRoundTrip(await contenderOf(spec), {
    name: nameOf(spec),
    size: 2 * frameSize + 4_321,
    chunkSize,
  });
}

/**
 * Fails unless both the contender and other code open what the contender sealed, to the plaintext that it was given.
 *
 * @param {import('./contender.mjs').Contender} contender
 * @param {{ name: string, size: number, chunkSize: number }} options bytes of the plaintext, and of its chunks
 */
export async function assertRoundTrip(contender, { name, size, chunkSize }) {
  const memory = randomMemory(size);
  const output = new Collector(2 * size + 65_536);
  const sealed = await contender.seal({ memory, size, chunkSize }, output.take);
  const opened = new Collector(size);
  await sealed.open({ memory: output.bytes, size: output.bytes.length, chunkSize }, opened.take);
  for (const plaintext of [opened.bytes, await sealed.openElsewhere(output.bytes)]) {
    if (memory.compare(plaintext) !== 0) throw new Error(`${name} does not give back what it was given`);
  }
}
