import { afterEach, describe, expect, it, vi } from 'vitest';
import { FrameOpener } from '../../src/frames/opener.js';
import { FakeCipher } from '../reference/fake-cipher.js';
import { naiveSeal } from '../reference/naive-frames.js';
import { chunksOf, layoutOf, naiveFake, patterned } from '../reference/run-frames.js';

const F = 65_536;
const FIXED = layoutOf('fixed', F);
const PLAINTEXT = patterned(F + 40_000);
const CHUNK = 20_000;

const sealedOf = (length: number): Buffer => Buffer.concat(naiveSeal(naiveFake, FIXED, [patterned(length)]));

/** An opener whose cipher takes frames piece by piece, and all memory that it took. */
class Watched {
  readonly emitted: Uint8Array[] = [];
  readonly #taken: Buffer[] = [];
  readonly cipher = new FakeCipher({ inRows: true, pieces: true });
  readonly opener: FrameOpener;

  constructor() {
    const allocate = Buffer.allocUnsafeSlow;
    vi.spyOn(Buffer, 'allocUnsafeSlow').mockImplementation((size) => {
      const buffer = allocate(size).fill(0);
      this.#taken.push(buffer);
      return buffer;
    });
    this.opener = new FrameOpener(this.cipher, FIXED, (bytes) => this.emitted.push(bytes));
  }

  /** @returns how the stream ended */
  open(sealed: Uint8Array, size = CHUNK): { code?: string; atEnd?: boolean } | undefined {
    try {
      for (const chunk of chunksOf(sealed, size)) this.opener.write(chunk);
      this.opener.finish();
      return undefined;
    } catch (error) {
      return error as { code?: string; atEnd?: boolean };
    }
  }

  get plaintext(): Buffer {
    return Buffer.concat(this.emitted);
  }

  /** Buffers with plaintext in them that were not given to anybody. */
  get hidden(): Buffer[] {
    return this.#taken.filter(
      (buffer) => !this.emitted.includes(buffer) && buffer.includes(PLAINTEXT.subarray(64, 128)),
    );
  }
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a frame that was opened in part', () => {
  it.each([
    ['its last byte is altered', (sealed: Buffer) => flipped(sealed, sealed.length - 1), true],
    ['its first byte is altered', (sealed: Buffer) => flipped(sealed, F + 16), true],
    ['it is cut', (sealed: Buffer) => sealed.subarray(0, -1), true],
    ['a byte follows it', (sealed: Buffer) => Buffer.concat([sealed, Buffer.alloc(1)]), true],
    ['frames follow it', (sealed: Buffer) => Buffer.concat([sealed, Buffer.alloc(F)]), false],
  ] as const)('gives nothing, and is wiped, where %s', (_, spoilt, atEnd) => {
    const watched = new Watched();
    const error = watched.open(spoilt(sealedOf(PLAINTEXT.length)));
    expect([error?.code, error?.atEnd ?? false]).toEqual(['ERR_SEALPIPE_AUTHENTICATION', atEnd]);
    expect(watched.plaintext.equals(PLAINTEXT.subarray(0, F))).toBe(true);
    expect(watched.hidden).toEqual([]);
  });

  it('is wiped where the chunk that ends it has the beginning of the next, and gives nothing', () => {
    const watched = new Watched();
    const error = watched.open(flipped(sealedOf(PLAINTEXT.length), 5), F);
    expect(watched.cipher.calls.map(({ kind }) => kind)).toEqual([
      'startOpen',
      'update',
      'openAcross',
      'finishOpen',
    ]);
    expect([error?.code, error?.atEnd ?? false]).toEqual(['ERR_SEALPIPE_AUTHENTICATION', false]);
    expect([watched.emitted, watched.hidden]).toEqual([[], []]);
  });

  it('is wiped where the cipher fails in the next one, with the part of that', () => {
    const watched = new Watched();
    const across = watched.cipher.openAcross!;
    Object.assign(watched.cipher, {
      openAcross: (...args: Parameters<typeof across>) => {
        across(...args);
        throw new RangeError('no OpenSSL');
      },
    });
    expect(watched.open(sealedOf(PLAINTEXT.length), F)).toBeInstanceOf(RangeError);
    expect([watched.emitted, watched.hidden]).toEqual([[], []]);
  });

  it('is wiped with the opener', () => {
    const watched = new Watched();
    const cut = sealedOf(PLAINTEXT.length).subarray(0, F + 16 + 30_000);
    for (const chunk of chunksOf(cut, CHUNK)) watched.opener.write(chunk);
    expect(watched.hidden).toHaveLength(1);
    watched.opener.wipe();
    expect(watched.hidden).toEqual([]);
    expect(watched.plaintext.equals(PLAINTEXT.subarray(0, F))).toBe(true);
  });

  it('leaves no second copy where it is the last and short', () => {
    const watched = new Watched();
    expect(watched.open(sealedOf(PLAINTEXT.length))).toBeUndefined();
    expect(watched.plaintext.equals(PLAINTEXT)).toBe(true);
    expect(watched.hidden).toEqual([]);
  });

  it('is not under way any more where the stream ends right behind it', () => {
    const watched = new Watched();
    expect(watched.open(sealedOf(2 * F).subarray(0, F + 16))?.code).toBe('ERR_SEALPIPE_TRUNCATED');
    expect(watched.plaintext.equals(PLAINTEXT.subarray(0, F))).toBe(true);
  });
});

describe('frames that verified in one call', () => {
  it('before a damaged one are released, and leave no second copy', () => {
    const watched = new Watched();
    const error = watched.open(flipped(sealedOf(3 * F), 2 * F + 40), 4 * F);
    expect([error?.code, error?.atEnd ?? false]).toEqual(['ERR_SEALPIPE_AUTHENTICATION', false]);
    expect(watched.plaintext.equals(patterned(2 * F))).toBe(true);
    expect(watched.hidden).toEqual([]);
  });

  it('are wiped where the cipher then fails', () => {
    const watched = new Watched();
    const run = watched.cipher.openFrames!;
    Object.assign(watched.cipher, {
      openFrames: (...args: Parameters<typeof run>) => {
        run(...args);
        throw new RangeError('no OpenSSL');
      },
    });
    expect(watched.open(sealedOf(3 * F), 4 * F)).toBeInstanceOf(RangeError);
    expect([watched.emitted, watched.hidden]).toEqual([[], []]);
  });
});

function flipped(sealed: Buffer, at: number): Buffer {
  sealed[at]! ^= 1;
  return sealed;
}
