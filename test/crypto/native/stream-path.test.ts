import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineName, FrameCipher } from '../../../src/crypto/aead.js';
import { pickEngine } from '../../../src/crypto/engines.js';
import { SUITES } from '../../../src/suites.js';
import {
  FLUSH,
  layoutOf,
  patterned,
  runOpener,
  runSealer,
  someCuts,
  splits,
} from '../../reference/run-frames.js';
import { runs } from '../../support/sample.js';
import { NATIVE_SUITES, needsAddon, someBytes } from './addon-here.js';

needsAddon();

const kinds = NATIVE_SUITES.flatMap((suite) =>
  (['fixed', 'record'] as const).map((layout) => ({ suite, layout })),
);
const cases = fc.constantFrom(1, 7, 16, 100, 4_096, 16_384).chain((frameSize) =>
  fc.record({
    frameSize: fc.constant(frameSize),
    length: fc.oneof(
      fc.nat({ max: 6 * frameSize }),
      fc.constantFrom(0, 1, frameSize - 1, frameSize, frameSize + 1, 5 * frameSize),
    ),
    cuts: someCuts,
    others: someCuts,
    flip: fc.nat(),
  }),
);

describe.each(kinds)('a stream of frames by the native engine ($suite, $layout)', ({ suite, layout }) => {
  const cipher = (engine: EngineName): FrameCipher => {
    const { keySize, nonceSize } = SUITES[suite];
    return pickEngine(suite, engine).create(suite, someBytes(keySize), someBytes(nonceSize));
  };

  it('is that of the node engine, byte for byte, and each opens it to the same', () => {
    fc.assert(
      fc.property(cases, ({ frameSize, length, cuts, others }) => {
        const frames = layoutOf(layout, frameSize);
        const plaintext = patterned(length);
        const chunks = splits(plaintext, cuts);
        const steps = layout === 'record' ? chunks.flatMap((chunk) => [chunk, FLUSH] as const) : chunks;
        const native = runSealer(cipher('native'), frames, steps);
        expect(native.bytes.equals(runSealer(cipher('node'), frames, steps).bytes)).toBe(true);
        for (const engine of ['native', 'node'] as const) {
          const opened = runOpener(cipher(engine), frames, splits(native.bytes, others));
          expect(opened.bytes.equals(plaintext)).toBe(true);
          expect(opened.code).toBeUndefined();
        }
        expect([native.rewritten, native.inputWritten]).toEqual([false, false]);
      }),
      { numRuns: runs(60) },
    );
  });

  it('that was altered ends on both engines with the same error, after the same plaintext', () => {
    fc.assert(
      fc.property(cases, ({ frameSize, length, cuts, others, flip }) => {
        const frames = layoutOf(layout, frameSize);
        const { bytes } = runSealer(cipher('native'), frames, splits(patterned(length), cuts));
        bytes[flip % bytes.length]! ^= 1 << (flip % 8);
        const chunks = splits(bytes, others);
        const [native, node] = [
          runOpener(cipher('native'), frames, chunks),
          runOpener(cipher('node'), frames, chunks),
        ];
        expect(native.code).toBe(node.code);
        expect(native.code).toBeDefined();
        expect([native.frames, native.atEnd]).toEqual([node.frames, node.atEnd]);
        expect(native.bytes.equals(node.bytes)).toBe(true);
        expect(native.bytes.equals(patterned(length).subarray(0, native.bytes.length))).toBe(true);
        expect([native.rewritten, native.inputWritten]).toEqual([false, false]);
      }),
      { numRuns: runs(60) },
    );
  });
});
