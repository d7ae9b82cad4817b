import type { SuiteName } from '../suites.js';
import { SUITES, TAG_SIZE } from '../suites.js';
import type { Engine, FrameCipher } from './aead.js';
import { isPiecewise } from './aead.js';

/*
 * Known answers, made with another implementation (OpenSSL through Python's `cryptography`): key 00 01 …,
 * nonce 40 41 … 4B, 61 bytes of plaintext and none. The nonce is that of frame INDEX: an engine that seals every
 * frame under one nonce must not pass.
 */
const INDEX = 0xfedcba98;
const KEY = Uint8Array.from({ length: 32 }, (_, i) => i);
const BASE_NONCE = Uint8Array.from(
  { length: 12 },
  (_, i) => (0x40 + i) ^ (i < 8 ? 0 : INDEX >>> (8 * (11 - i))),
);
const AAD = Buffer.from('sealpipe self-test', 'ascii');
const PLAINTEXT = Uint8Array.from({ length: 61 }, (_, i) => i * 7 + 3);

const ANSWERS: Readonly<Record<SuiteName, readonly [sealed: string, empty: string]>> = {
  'AES-256-GCM': [
    'e1b3bf3b391aaa37f6865e66cc3a76370abcd3d438a39287dcf5f72550dd38077be2025421bfd2403ad6225fa6339a96982bcb595cb19f8d0a884da480f30a773a990a5fbcfd9cc16926ef0b17',
    '482d29da86cbe635379192227dee1393',
  ],
  'AES-128-GCM': [
    '3a2378d2726dd484b7fb0a4fa97918943f0738e39244083a10f271e1bb12d6d5ee30a99264a73f598ca0b3e234060dc598bcaf17dc32084150800786001465d0be26ca543be0bd71854e5525f7',
    'f953f97c77445c4bccf5d68816175e8b',
  ],
  'CHACHA20-POLY1305': [
    'fb5e6d996d6cc335638dbf50ecb108a1c7b6e290cb6adccb55be6b9b2de9efb613596888d94d6fe2114d06775d6aabd2b2090da19100f0ab5050969baf8466ef1338750d7cd064e7dc9db8861a',
    '45f8edb2123662d6beb504522919a51a',
  ],
  'AES-256-GCM-SIV': [
    '843a132e44f5509ac31bc1fe7ab7a54e481997e98f7550d37783e151cce5480b719dd9351ed5f200c1370b54368f1ea596f5cde4c72024c12d7bf01cd63d2b42a6c4bd63ff4679256de895358c',
    '82246d308e33090c5c05a941a05e960b',
  ],
  'SM4-GCM': [
    'edcbae109c7fdaa40784c271066556e7f7868ade99d271f61118ae74b63d15903f12e5392c9eda9beb4645a18b510618e7b2916290c0e10fdab6141adf6aa85dfd4c1d8d521946d2edda4aa0b7',
    '6c9a48daabd06fa1c8d1b8d2891f276e',
  ],
};

/**
 * Seals and opens known answers, and checks that a damaged one is refused.
 *
 * @returns why the engine must not be used for the suite; undefined if it passed
 */
export function selfTest(engine: Engine, suite: SuiteName): string | undefined {
  const key = KEY.subarray(0, SUITES[suite].keySize);
  let cipher: FrameCipher | undefined;
  try {
    cipher = engine.create(suite, key, BASE_NONCE);
    for (const [i, plaintext] of [PLAINTEXT, new Uint8Array(0)].entries()) {
      const expected = Buffer.from(ANSWERS[suite][i]!, 'hex');
      const sealed = Buffer.alloc(expected.length);
      cipher.seal(INDEX, AAD, plaintext, sealed, 0);
      if (!sealed.equals(expected)) return 'self-test failed: a wrong seal';
      const opened = Buffer.alloc(plaintext.length);
      if (!cipher.open(INDEX, AAD, sealed, opened, 0) || !opened.equals(plaintext)) {
        return 'self-test failed: it did not open a right seal';
      }
      sealed[expected.length - TAG_SIZE]! ^= 1;
      if (cipher.open(INDEX, AAD, sealed, opened, 0)) return 'self-test failed: it opened a damaged seal';
    }
    const frame = Buffer.from(ANSWERS[suite][0], 'hex');
    if (![0, 21, 60].every((at) => sealsRuns(cipher!, frame, at)))
      return 'self-test failed: a wrong run of frames';
    const empty = Buffer.from(ANSWERS[suite][1], 'hex');
    if (
      ![0, 15, 16, 40, 61].every(
        (at) => sealsPieces(cipher!, frame, at) && opensAcross(cipher!, frame, empty, at),
      )
    )
      return 'self-test failed: a wrong frame in pieces';
    return undefined;
  } catch (error) {
    return `self-test failed: ${(error as Error).message}`;
  } finally {
    cipher?.wipe();
  }
}

/** Whether `sealFrames` and `openFrames`, if the cipher has them, give the same result with the frame cut at `at`. */
function sealsRuns(cipher: FrameCipher, expected: Buffer, at: number): boolean {
  const size = PLAINTEXT.length;
  if (cipher.sealFrames !== undefined) {
    const sealed = Buffer.alloc(expected.length);
    cipher.sealFrames(INDEX, AAD, size, PLAINTEXT.subarray(0, at), PLAINTEXT.subarray(at), sealed, 0);
    if (!sealed.equals(expected)) return false;
  }
  if (cipher.openFrames === undefined) return true;
  const damaged = Buffer.from(expected);
  damaged[expected.length - 1]! ^= 1;
  const open = (sealed: Buffer, out: Buffer) =>
    cipher.openFrames!(INDEX, AAD, size, sealed.subarray(0, at), sealed.subarray(at), out, 0);
  const [opened, refused] = [Buffer.alloc(size), Buffer.alloc(size)];
  return open(expected, opened) === 1 && opened.equals(PLAINTEXT) && open(damaged, refused) === 0;
}

/** Whether a cipher that takes frames piece by piece handles two pieces, cut at `at`, and refuses a damaged frame. */
function sealsPieces(cipher: FrameCipher, expected: Buffer, at: number): boolean {
  if (!isPiecewise(cipher)) return true;
  const size = PLAINTEXT.length;
  const sealed = Buffer.alloc(expected.length);
  cipher.startSeal(INDEX, AAD);
  cipher.update(PLAINTEXT, 0, at, sealed, 0);
  cipher.finishSeal(PLAINTEXT, at, size, sealed, at);
  if (!sealed.equals(expected)) return false;
  const out = Buffer.alloc(size);
  const open = (frame: Buffer): boolean => {
    cipher.startOpen(INDEX, AAD);
    cipher.update(frame, 0, at, out, 0);
    return cipher.finishOpen(frame, at, frame.length, out, Math.max(0, at - TAG_SIZE));
  };
  if (!open(sealed) || !out.equals(PLAINTEXT)) return false;
  sealed[0]! ^= 1;
  return !open(sealed);
}

/** Whether one call ends a frame, cut at `at`, and begins the next, and refuses if the first is damaged. */
function opensAcross(cipher: FrameCipher, frame: Buffer, empty: Buffer, at: number): boolean {
  if (!isPiecewise(cipher)) return true;
  const out = Buffer.alloc(PLAINTEXT.length);
  const open = (sealed: Buffer): boolean => {
    const chunk = Buffer.concat([sealed.subarray(at), empty]);
    const cut = sealed.length - at;
    cipher.startOpen(INDEX, AAD);
    cipher.update(sealed, 0, at, out, 0);
    return (
      cipher.openAcross(chunk, cut, out, Math.max(0, at - TAG_SIZE), INDEX, AAD, new Uint8Array(0)) &&
      cipher.finishOpen(chunk, chunk.length, chunk.length, new Uint8Array(0), 0)
    );
  };
  const damaged = Buffer.from(frame);
  damaged[0]! ^= 1;
  return open(frame) && out.equals(PLAINTEXT) && !open(damaged);
}
