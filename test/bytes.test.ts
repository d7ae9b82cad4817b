import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asBuffer,
  ByteGatherer,
  compareBytes,
  copyOf,
  equalBytes,
  readU32,
  u32,
  wipe,
  writeU32,
} from '../src/bytes.js';

describe('a 32-bit integer', () => {
  it('is big-endian and unsigned, from 0 to 2^32 - 1', () => {
    const values = fc.oneof(
      fc.nat({ max: 2 ** 32 - 1 }),
      fc.constantFrom(0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1),
    );
    fc.assert(
      fc.property(values, fc.nat({ max: 5 }), (value, offset) => {
        const bytes = Buffer.alloc(12, 0xa5);
        writeU32(bytes, offset, value);
        expect(bytes.readUInt32BE(offset)).toBe(value);
        expect(readU32(bytes, offset)).toBe(value);
        expect(Buffer.from(u32(value)).readUInt32BE()).toBe(value);
        expect(bytes.filter((byte, i) => (i < offset || i >= offset + 4) && byte !== 0xa5)).toHaveLength(0);
      }),
    );
  });
});

describe('byte strings', () => {
  it('are compared by unsigned bytes, a prefix first', () => {
    const sorted = ['', '00', '0000', '01', '7f', '80', 'ff', 'ff00'].map((hex) => Buffer.from(hex, 'hex'));
    for (const [i, a] of sorted.entries()) {
      for (const [j, b] of sorted.entries()) {
        expect(Math.sign(compareBytes(a, b))).toBe(Math.sign(i - j));
        expect(equalBytes(a, b)).toBe(i === j);
      }
    }
  });

  it('are seen as a Buffer without a copy, and copied without a pool', () => {
    const memory = Uint8Array.of(1, 2, 3, 4);
    const view = asBuffer(memory.subarray(1, 3));
    memory[1] = 9;
    expect([...view]).toEqual([9, 3]);
    const copy = copyOf(memory.subarray(1, 3));
    memory[1] = 2;
    expect([...copy]).toEqual([9, 3]);
    expect(copy.buffer.byteLength).toBe(2);
    expect(asBuffer(copy)).toBe(copy);
  });
});

describe('gathered bytes', () => {
  it('are what was appended, in any pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 12 }), (pieces) => {
        const most = pieces.reduce((sum, piece) => sum + piece.length, 0);
        const gathered = new ByteGatherer();
        for (const piece of pieces) {
          const framed = Buffer.concat([Buffer.of(1), piece, Buffer.of(2)]);
          gathered.append(framed, 1, framed.length - 1, most);
        }
        expect(gathered.length).toBe(most);
        expect(Buffer.concat(pieces).equals(gathered.bytes)).toBe(true);
      }),
    );
  });

  it('do not take more memory than the most that was announced', () => {
    const gathered = new ByteGatherer();
    for (let i = 0; i < 1_000; i++) gathered.append(Buffer.of(i), 0, 1, 1_000);
    expect(gathered.bytes.buffer.byteLength).toBe(1_000);
  });

  it('are copies: the source may change', () => {
    const source = Buffer.from('abc');
    const gathered = new ByteGatherer();
    gathered.append(source, 0, 3, 10);
    source.fill(0);
    expect(Buffer.from(gathered.bytes).toString()).toBe('abc');
  });

  it('begin anew after a clear, and are zeros after a wipe', () => {
    const gathered = new ByteGatherer();
    gathered.append(Buffer.from('abcdef'), 0, 6, 10);
    gathered.clear();
    expect(gathered.length).toBe(0);
    gathered.append(Buffer.from('xy'), 0, 2, 10);
    const { bytes } = gathered;
    expect(Buffer.from(bytes).toString()).toBe('xy');
    gathered.wipe();
    expect([...bytes]).toEqual([0, 0]);
    expect(new Uint8Array(bytes.buffer).every((byte) => byte === 0)).toBe(true);
    expect(gathered.length).toBe(0);
  });

  it('leave nothing in the memory that they have outgrown', () => {
    const gathered = new ByteGatherer();
    gathered.append(Buffer.from('secret'), 0, 6, 10_000);
    const outgrown = new Uint8Array(gathered.bytes.buffer);
    gathered.append(Buffer.alloc(5_000, 1), 0, 5_000, 10_000);
    expect(outgrown.every((byte) => byte === 0)).toBe(true);
  });
});

describe('a wipe', () => {
  it('overwrites every secret that it is given, a view only within its bounds, and skips undefined', () => {
    const memory = Buffer.alloc(10, 0xff);
    const other = new Uint8Array(3).fill(1);
    wipe(memory.subarray(2, 5), undefined, other);
    expect(memory.toString('hex')).toBe('ffff000000ffffffffff');
    expect([...other]).toEqual([0, 0, 0]);
  });
});
