import { describe, expect, it } from 'vitest';
import type { FrameCipher } from '../../../src/crypto/aead.js';
import { RecordOpener } from '../../../src/frames/openers/record-opener.js';
import { RecordSalvage } from '../../../src/sealed/recovery/record-salvage.js';
import { HeldSource } from '../../../src/sources/held-source.js';

const MIB = 1_048_576;
const stop = new AbortController().signal;

/** Opens nothing, and counts what it was given. */
function refusing(): FrameCipher & { bytes: number; indexes: Set<number> } {
  return {
    bytes: 0,
    indexes: new Set(),
    open(index, _aad, sealed) {
      this.bytes += sealed.length;
      this.indexes.add(index);
      return false;
    },
    seal: () => undefined,
    wipe: () => undefined,
  };
}

async function salvaged(bytes: Uint8Array, frameSize = 4_096) {
  const cipher = refusing();
  const opener = new RecordOpener(cipher, { frameSize, aad: Buffer.alloc(32) });
  const header = { preambleSize: 0 } as never;
  const salvage = new RecordSalvage(new HeldSource(bytes), bytes.length, opener, header);
  const found: unknown[] = [];
  for await (const piece of salvage.pieces(stop)) found.push(piece);
  return { cipher, salvage, found };
}

describe('the search behind damage', () => {
  it('gives the cipher no more than eight times the size, and says where it ended', async () => {
    for (const word of [Buffer.of(0, 0, 1, 0), Buffer.of(0, 0, 0x0f, 0xff), Buffer.of(0x80, 0, 0, 0)]) {
      const hostile = Buffer.alloc(MIB, word);
      const { cipher, salvage, found } = await salvaged(hostile);
      expect(cipher.bytes).toBeLessThanOrEqual(8 * hostile.length);
      expect(cipher.bytes).toBeGreaterThan(6 * hostile.length);
      expect(salvage.stopped).toMatchObject({ budget: 'work' });
      expect(found).toMatchObject([{ gap: { frame: 0, frames: null, offset: 0, sealedBytes: MIB } }]);
    }
  });

  it('looks 64 indexes ahead', async () => {
    const { cipher, salvage } = await salvaged(
      Buffer.concat([Buffer.alloc(9), Buffer.of(0, 0, 0, 9), Buffer.alloc(2_000)]),
    );
    expect([...cipher.indexes].sort((a, b) => a - b)).toEqual(Array.from({ length: 65 }, (_, i) => i));
    expect(salvage.stopped).toBe(null);
  });

  it('looks 16 MiB ahead, whose zeros cost the cipher nothing', async () => {
    const { cipher, salvage } = await salvaged(Buffer.alloc(17 * MIB));
    expect(cipher.bytes).toBe(0);
    expect(salvage.stopped).toEqual({ offset: 16 * MIB, budget: 'gap' });
  });
});
