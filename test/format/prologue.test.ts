import { describe, expect, it } from 'vitest';
import type { Prologue } from '../../src/format/prologue.js';
import { decodePrologue, encodePrologue, prologueParameters } from '../../src/format/prologue.js';
import { codeOf, failure } from '../reference/failure.js';
import { hex } from '../reference/loose-pack.js';

const SALT = Uint8Array.from({ length: 32 }, (_, i) => 0x20 + i);
const COMMITMENT = Uint8Array.from({ length: 32 }, (_, i) => 0xe0 + i);
const GOOD = Buffer.concat([
  hex('89 5345414c 0d0a1a'),
  hex('01 01 10 00'),
  hex('00000007 00000400'),
  SALT,
  COMMITMENT,
]);

/** The good prologue with other bytes at `offset`. */
function changed(offset: number, literal: string): Buffer {
  const bytes = Buffer.from(GOOD);
  bytes.set(hex(literal), offset);
  return bytes;
}

describe('a prologue', () => {
  it('says what its 84 bytes say', () => {
    expect(decodePrologue(GOOD)).toEqual({
      suite: 'AES-256-GCM',
      frameSize: 65_536,
      layout: 'fixed',
      boundLength: 7,
      envelopeLength: 1_024,
      salt: Buffer.from(SALT),
      commitment: Buffer.from(COMMITMENT),
    });
  });

  it('is encoded to the bytes of FORMAT 1', () => {
    expect(GOOD.equals(encodePrologue(decodePrologue(GOOD)!))).toBe(true);
  });

  it('comes back for every suite, frame size and layout', () => {
    for (const suite of [
      'AES-256-GCM',
      'AES-128-GCM',
      'CHACHA20-POLY1305',
      'AES-256-GCM-SIV',
      'SM4-GCM',
    ] as const) {
      for (const layout of ['fixed', 'record'] as const) {
        for (let log2 = 12; log2 <= 20; log2++) {
          const prologue: Prologue = {
            suite,
            layout,
            frameSize: 2 ** log2,
            boundLength: 1,
            envelopeLength: 65_536,
            salt: SALT,
            commitment: COMMITMENT,
          };
          expect(decodePrologue(encodePrologue(prologue))).toEqual(prologue);
        }
      }
    }
  });

  it('numbers the suites and layouts as FORMAT 3 and 1 do', () => {
    const suites = [1, 2, 3, 4, 5].map((id) => decodePrologue(changed(9, `0${id}`))!.suite);
    expect(suites).toEqual(['AES-256-GCM', 'AES-128-GCM', 'CHACHA20-POLY1305', 'AES-256-GCM-SIV', 'SM4-GCM']);
    expect(decodePrologue(changed(11, '01'))!.layout).toBe('record');
  });

  it('takes no more than its 84 bytes', () => {
    expect(decodePrologue(Buffer.concat([GOOD, hex('ff')]))).toEqual(decodePrologue(GOOD));
  });

  it('gives version, suite, frame size and layout to the key derivation', () => {
    expect(Buffer.from(prologueParameters(changed(9, '05 14 01'))).toString('hex')).toBe('01051401');
  });
});

describe('a value that a prologue may not have', () => {
  it.each([
    ...Array.from({ length: 8 }, (_, i) => [`byte ${i} of the magic`, i, '00', 'FORMAT'] as const),
    ['version 0', 8, '00', 'UNSUPPORTED'],
    ['version 2', 8, '02', 'UNSUPPORTED'],
    ['version 255', 8, 'ff', 'UNSUPPORTED'],
    ['suite 0', 9, '00', 'UNSUPPORTED'],
    ['suite 6', 9, '06', 'UNSUPPORTED'],
    ['suite 255', 9, 'ff', 'UNSUPPORTED'],
    ['frames of 2^11 bytes', 10, '0b', 'FORMAT'],
    ['frames of 2^21 bytes', 10, '15', 'FORMAT'],
    ['frames of 2^0 bytes', 10, '00', 'FORMAT'],
    ['frames of 2^255 bytes', 10, 'ff', 'FORMAT'],
    ['layout 2', 11, '02', 'UNSUPPORTED'],
    ['layout 255', 11, 'ff', 'UNSUPPORTED'],
    ['an empty bound', 12, '00000000', 'FORMAT'],
    ['a bound of 65,537 bytes', 12, '00010001', 'FORMAT'],
    ['a bound of 2^32 - 1 bytes', 12, 'ffffffff', 'FORMAT'],
    ['a bound of 2^31 bytes', 12, '80000000', 'FORMAT'],
    ['an empty envelope', 16, '00000000', 'FORMAT'],
    ['an envelope of 65,537 bytes', 16, '00010001', 'FORMAT'],
    ['an envelope of 2^32 - 1 bytes', 16, 'ffffffff', 'FORMAT'],
  ] as const)('is refused: %s', (_, offset, literal, code) => {
    expect(codeOf(() => decodePrologue(changed(offset, literal)))).toBe(`ERR_SEALPIPE_${code}`);
  });

  it.each([
    ['a bound of 1 byte', 12, '00000001'],
    ['a bound of 65,536 bytes', 12, '00010000'],
    ['an envelope of 1 byte', 16, '00000001'],
    ['an envelope of 65,536 bytes', 16, '00010000'],
    ['frames of 2^12 bytes', 10, '0c'],
    ['frames of 2^20 bytes', 10, '14'],
  ] as const)('is not one of: %s', (_, offset, literal) => {
    expect(codeOf(() => decodePrologue(changed(offset, literal)))).toBeUndefined();
  });

  it('is the first one where there are several', () => {
    const all = Buffer.alloc(84, 0xff);
    const codes: (string | undefined)[] = [];
    for (const good of [0, 8, 9, 10, 11, 12, 16]) {
      all.set(GOOD.subarray(0, good));
      codes.push(codeOf(() => decodePrologue(all))?.slice(13));
    }
    expect(codes).toEqual([
      'FORMAT',
      'UNSUPPORTED',
      'UNSUPPORTED',
      'FORMAT',
      'UNSUPPORTED',
      'FORMAT',
      'FORMAT',
    ]);
  });

  it('is named where an upgrade would help', () => {
    expect(failure(() => decodePrologue(changed(8, '02'))).message).toContain('format version 2');
    expect(failure(() => decodePrologue(changed(9, '09'))).message).toContain('suite 9');
    expect(failure(() => decodePrologue(changed(11, '03'))).message).toContain('layout 3');
  });
});

describe('the beginning of a prologue', () => {
  it('is legal at every length while its bytes are', () => {
    for (let length = 0; length < 84; length++)
      expect(decodePrologue(GOOD.subarray(0, length))).toBeUndefined();
  });

  it('is refused at the byte that shows the fault, and not before', () => {
    const faults = [
      [0, 'ff', 1],
      [7, 'ff', 8],
      [8, '02', 9],
      [9, '07', 10],
      [10, '0b', 11],
      [11, '02', 12],
      [12, '01000000', 13],
      [12, '00020000', 14],
      [12, '00010100', 15],
      [12, '00010001', 16],
      [12, '00000000', 16],
      [16, '00000000', 20],
      [16, '00010001', 20],
    ] as const;
    for (const [offset, literal, at] of faults) {
      const bytes = changed(offset, literal);
      for (let length = 0; length <= 84; length++) {
        const refused = codeOf(() => decodePrologue(bytes.subarray(0, length))) !== undefined;
        expect([offset, literal, length, refused]).toEqual([offset, literal, length, length >= at]);
      }
    }
  });

  it('of an unknown version is read no further than that', () => {
    const bytes = new Proxy(changed(8, '02'), {
      get: (target, key) => {
        if (typeof key === 'string' && Number(key) > 8) throw new Error(`byte ${key} was read`);
        return Reflect.get(target, key, target);
      },
    });
    expect(codeOf(() => decodePrologue(bytes))).toBe('ERR_SEALPIPE_UNSUPPORTED');
  });
});
