import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunSealer } from '../../src/blocks/run-sealer.js';
import type { EngineName } from '../../src/crypto/aead.js';
import { engineNames, pickEngine } from '../../src/crypto/engines.js';
import { FrameSealer } from '../../src/frames/sealer.js';
import { cutAt, patterned } from '../support/pieces.js';

const F = 4_096;
const UNIT = F + 16;
const SUITE = 'AES-256-GCM';
const layout = { layout: 'fixed', frameSize: F, aad: Buffer.alloc(32, 3) } as const;
const here = engineNames().filter((name) => {
  try {
    return pickEngine(SUITE, name) !== undefined;
  } catch {
    return false;
  }
});
const cipher = (engine: EngineName) =>
  pickEngine(SUITE, engine).create(SUITE, Buffer.alloc(32, 1), Buffer.alloc(12, 2));

function asOneStream(engine: EngineName, plaintext: Uint8Array): Buffer {
  const out: Uint8Array[] = [];
  const sealer = new FrameSealer(cipher(engine), layout, (bytes) => void out.push(bytes));
  sealer.write(plaintext);
  sealer.finish();
  return Buffer.concat(out);
}

/** Seals into runs of `frames` frames each, with `start` bytes before each. */
function inRuns(engine: EngineName, chunks: readonly Uint8Array[], frames: number, start: number): Buffer {
  const sealer = new RunSealer(cipher(engine), layout);
  const out: Buffer[] = [];
  let memory = Buffer.alloc(0);
  const begin = () => {
    memory = Buffer.alloc(start + frames * UNIT + 16, 0xee);
    sealer.begin({ memory, start, frames });
  };
  const end = () => {
    expect(memory.subarray(0, start).equals(Buffer.alloc(start, 0xee))).toBe(true);
    expect(memory.subarray(sealer.end).every((byte) => byte === 0xee)).toBe(true);
    out.push(memory.subarray(start, sealer.end));
  };
  begin();
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      if (sealer.isFull) {
        end();
        begin();
      }
      at += sealer.write(chunk, at);
    }
  }
  sealer.finish();
  end();
  sealer.wipe();
  return Buffer.concat(out);
}

describe.each(here)('a sealer of runs (%s)', (engine) => {
  it('makes the bytes of one stream, however the plaintext comes and the runs lie', () => {
    const cases = fc.tuple(
      fc.constantFrom(0, 1, F - 1, F, F + 1, 3 * F, 4 * F, 5 * F + 7),
      fc.array(fc.nat(6 * F), { maxLength: 5 }),
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom(0, 5, 1_200),
    );
    fc.assert(
      fc.property(cases, ([size, cuts, frames, start]) => {
        const plaintext = patterned(size);
        const before = Buffer.from(plaintext);
        const sealed = inRuns(engine, cutAt(plaintext, cuts), frames, start);
        expect(sealed.equals(asOneStream(engine, plaintext))).toBe(true);
        expect(plaintext.equals(before)).toBe(true);
      }),
      { numRuns: engine === 'noble' ? 10 : 40 },
    );
  });
});

describe('a sealer of runs', () => {
  const bounded = (maxFrames: number, maxPlaintext: number) => {
    const sealer = new RunSealer(cipher('node'), layout, { maxFrames, maxPlaintext });
    sealer.begin({ memory: Buffer.alloc(10 * UNIT), start: 0, frames: 9 });
    return sealer;
  };
  const limit = expect.objectContaining({ code: 'ERR_SEALPIPE_LIMIT' });

  it('ends at the bounds of a stream, with room for a last frame', () => {
    const full = bounded(3, 1e6);
    full.write(patterned(2 * F), 0);
    expect(() => full.write(patterned(F), 0)).toThrow(limit);
    full.finish();
    expect(full.frames).toBe(3);
    expect(() => bounded(99, F).write(patterned(2 * F), 0)).toThrow(limit);
  });

  it('wipes the plaintext of a frame that is not whole, and seals nothing more', () => {
    const memory = Buffer.alloc(2 * UNIT);
    const sealer = new RunSealer(cipher('node'), layout);
    sealer.begin({ memory, start: 0, frames: 1 });
    sealer.write(Buffer.alloc(100, 7), 0);
    expect(memory.includes(7)).toBe(true);
    sealer.wipe();
    expect(memory.every((byte) => byte === 0)).toBe(true);
    expect(() => sealer.finish()).toThrow();
  });
});
