import { describe, expect, it } from 'vitest';
import { FrameOpener } from '../../src/frames/opener.js';
import { FrameSealer } from '../../src/frames/sealer.js';
import { codeOf } from '../reference/failure.js';
import { FakeCipher } from '../reference/fake-cipher.js';
import { naiveSeal } from '../reference/naive-frames.js';
import { layoutOf, naiveFake, patterned } from '../reference/run-frames.js';
import { overwritten } from '../support/overwritten.js';

const F = 65_536;
const UNIT = F + 16;
/** A first chunk that is opened as it arrives, and a second one that begins the next frame. */
const [CUT, BEYOND] = [40_000, UNIT + 20_000];
const plaintext = patterned(2 * F);
const sealed = Buffer.concat(naiveSeal(naiveFake, layoutOf('fixed', F), [plaintext]));
const beginning = (bytes: Uint8Array) => {
  const hex = Buffer.from(bytes).toString('hex');
  return (content: string) => content.startsWith(hex);
};

/** An opener of the fixed layout, whose cipher takes pieces and works as `changes` say, and what it has given. */
function opening(changes: object = {}, bounds = { maxFrames: 10, maxPlaintext: 10 * F }) {
  const cipher = Object.assign(new FakeCipher({ inRows: true, pieces: true }), changes);
  const given: Uint8Array[] = [];
  const emit = (bytes: Uint8Array) => void given.push(bytes);
  return { cipher, given, opener: new FrameOpener(cipher, layoutOf('fixed', F), emit, bounds) };
}

describe('an opener overwrites plaintext that it does not give', () => {
  it('in the memory of a short last frame that it has copied', async () => {
    const { opener, given } = opening();
    const short = Buffer.concat(naiveSeal(naiveFake, layoutOf('fixed', F), [plaintext.subarray(0, 30_000)]));
    const wiped = await overwritten(() => {
      opener.write(short.subarray(0, 20_000));
      opener.write(short.subarray(20_000));
      opener.finish();
    });
    expect(Buffer.concat(given).equals(plaintext.subarray(0, 30_000))).toBe(true);
    expect(wiped.some(beginning(plaintext.subarray(0, 30_000)))).toBe(true);
  });

  it('of a frame that does not verify, and of the next one that its cipher has begun', async () => {
    const { opener, given } = opening({
      openAcross: (
        chunk: Uint8Array,
        cut: number,
        _out: Uint8Array,
        _offset: number,
        _index: number,
        _aad: Uint8Array,
        next: Uint8Array,
      ) => {
        next.set(chunk.subarray(cut));
        return false;
      },
    });
    let code: string | undefined;
    const wiped = await overwritten(() => {
      opener.write(sealed.subarray(0, CUT));
      code = codeOf(() => opener.write(sealed.subarray(CUT, BEYOND)));
    });
    expect([code, given]).toEqual(['ERR_SEALPIPE_AUTHENTICATION', []]);
    expect(wiped.some(beginning(plaintext.subarray(0, CUT - 16)))).toBe(true);
    expect(wiped.some(beginning(sealed.subarray(UNIT, BEYOND)))).toBe(true);
  });

  it('of frames in a row if its cipher fails', async () => {
    const secret = plaintext.subarray(0, 100);
    const fault = new Error('a fault of the cipher');
    const { opener, given } = opening({
      openFrames: (...[, , , , , out]: Parameters<NonNullable<FakeCipher['openFrames']>>) => {
        out.set(secret);
        throw fault;
      },
    });
    const wiped = await overwritten(() => {
      expect(() => opener.write(sealed.subarray(0, UNIT))).toThrow(fault);
    });
    expect(given).toEqual([]);
    expect(wiped.some(beginning(secret))).toBe(true);
  });

  it('of frames in a row up to the one that does not verify, once it has copied what it gives', async () => {
    const parts = [plaintext.subarray(0, 100), plaintext.subarray(100, 200)];
    const frames = Buffer.concat(naiveSeal(naiveFake, layoutOf('record', 4_096), parts));
    frames[frames.length - 1]! ^= 1;
    const given: Uint8Array[] = [];
    const opener = new FrameOpener(
      new FakeCipher(),
      layoutOf('record', 4_096),
      (bytes) => void given.push(bytes),
    );
    let code: string | undefined;
    const wiped = await overwritten(() => {
      code = codeOf(() => opener.write(frames));
    });
    expect(code).toBe('ERR_SEALPIPE_AUTHENTICATION');
    expect(Buffer.concat(given).equals(plaintext.subarray(0, 100))).toBe(true);
    expect(wiped.some(beginning(plaintext.subarray(0, 100)))).toBe(true);
  });
});

it.each([
  ['bytes', { maxFrames: 10, maxPlaintext: F - 1 }],
  ['frames', { maxFrames: 0, maxPlaintext: 10 * F }],
])(
  'an opener gives nothing of a frame beyond the bound on %s that ends where the next begins',
  (_, bounds) => {
    const { opener, given, cipher } = opening({}, bounds);
    opener.write(sealed.subarray(0, CUT));
    expect(codeOf(() => opener.write(sealed.subarray(CUT, BEYOND)))).toBe('ERR_SEALPIPE_LIMIT');
    expect(given).toEqual([]);
    expect(cipher.calls.map(({ kind }) => kind)).not.toContain('openAcross');
  },
);

it.each(['fixed', 'record'] as const)(
  'a sealer of the %s layout overwrites plaintext that it has not sealed',
  async (layout) => {
    const sealer = new FrameSealer(new FakeCipher(), layoutOf(layout, F), () => undefined);
    sealer.write(Buffer.from('a secret'));
    expect((await overwritten(() => sealer.wipe())).some(beginning(Buffer.from('a secret')))).toBe(true);
  },
);
