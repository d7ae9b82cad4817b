// @ts-check
import { pipeline } from 'node:stream/promises';
import { createDecryptStream, createEncryptStream, decrypt, engines, rawKey } from 'sealpipe';
import { nodeSource, randomMemory } from '../streams/input.mjs';
import { nodeSink } from '../streams/sinks.mjs';

/**
 * The streams of this package.
 *
 * @param {import('./contender.mjs').SealpipeSpec} spec
 * @returns {import('./contender.mjs').Contender}
 */
export function sealpipe({ engine, suite, layout, frameSize }) {
  const keys = rawKey({ name: 'bench', key: randomMemory(32) });
  const other = otherEngine(suite, engine);
  /** @type {import('./contender.mjs').Sealed} */
  const sealed = {
    open: (input, take) => pipeline(nodeSource(input), createDecryptStream({ keys, engine }), nodeSink(take)),
    openElsewhere: (bytes) => decrypt(bytes, { keys, engine: other }),
  };
  return {
    async seal(input, take) {
      const stream = createEncryptStream({ keys, suite, layout, frameSize, engine });
      await pipeline(nodeSource(input), stream, nodeSink(take));
      return sealed;
    },
  };
}

/**
 * An engine that shares no code with the one that sealed. If the suite has no other engine here, the same one, which
 * then opens through the one-shot function.
 *
 * @param {import('sealpipe').SuiteName} suite
 * @param {import('sealpipe').EngineName} engine
 */
function otherEngine(suite, engine) {
  const unavailable = unavailableEngines(suite);
  const others = /** @type {const} */ (['node', 'noble', 'native']);
  return others.find((name) => name !== engine && unavailable[name] === undefined) ?? engine;
}

/** @param {import('sealpipe').SuiteName} suite */
function unavailableEngines(suite) {
  return engines().find((report) => report.suite === suite)?.unavailable ?? {};
}
