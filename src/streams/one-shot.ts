import { asBuffer } from '../bytes.js';
import { abortError, optionsTypeError } from '../errors.js';
import { PreambleReader } from '../format/preamble.js';
import { FrameOpener } from '../frames/opener.js';
import { FrameSealer } from '../frames/sealer.js';
import { plaintextGuard } from './closed-segment.js';
import type { DecryptOptions } from './decrypt-options.js';
import { decryptSettings } from './decrypt-options.js';
import type { EncryptOptions } from './encrypt-options.js';
import { encryptSettings } from './encrypt-options.js';
import { assertNotOver, assertWhole, confirmed } from './last-frame.js';
import { setUpOpen } from './open-setup.js';
import { setUpSeal } from './seal-setup.js';

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Seals a message at once.
 *
 * @param plaintext bytes, which must not change until the promise settles; or a well-formed string, taken as UTF-8
 * @returns a whole sealed stream
 * @throws (rejects) as the stream of `createEncryptStream` would fail; misuse: TypeError or RangeError
 * @example
 * const sealed = await encrypt('hello', { keys, encryptionContext: { purpose: 'greeting' } });
 */
export async function encrypt(plaintext: Uint8Array | string, options: EncryptOptions): Promise<Buffer> {
  const settings = encryptSettings(options);
  const bytes = plaintextBytes(plaintext);
  const { expectedLength, confirm, signal = NEVER } = settings;
  if (typeof confirm === 'object') confirmed(confirm).catch(() => undefined);
  if (signal.aborted) throw abortError(signal);
  assertNotOver(bytes.length, expectedLength);
  assertWhole(bytes.length, expectedLength);
  const { preamble, cipher, layout } = await setUpSeal(settings, signal);
  const sealed: Uint8Array[] = [preamble];
  const sealer = new FrameSealer(cipher, layout, (frames) => sealed.push(frames));
  try {
    sealer.write(bytes);
    if (confirm !== undefined) await confirmed(confirm);
    if (signal.aborted) throw abortError(signal);
    sealer.finish();
    return Buffer.concat(sealed);
  } finally {
    sealer.wipe();
  }
}

/**
 * Opens a whole sealed stream at once: its plaintext, all of it, or an error and none.
 *
 * @param sealed must not change until the promise settles
 * @throws (rejects) as the stream of `createDecryptStream` would fail; misuse: TypeError or RangeError
 * @example
 * const plaintext = await decrypt(sealed, { keys, encryptionContext: { purpose: 'greeting' } });
 */
export async function decrypt(sealed: Uint8Array, options: DecryptOptions): Promise<Buffer> {
  const settings = decryptSettings(options);
  if (!(sealed instanceof Uint8Array)) throw optionsTypeError('`sealed` must be a Uint8Array');
  const { signal = NEVER } = settings;
  if (signal.aborted) throw abortError(signal);
  const reader = new PreambleReader(settings.limits);
  const { taken, preamble } = reader.take(sealed, 0);
  if (preamble === undefined) throw reader.end();
  const { cipher, layout } = await setUpOpen(preamble, settings, signal);
  const plaintext: Uint8Array[] = [];
  const emit = plaintextGuard(preamble.header, (bytes) => plaintext.push(bytes));
  const opener = new FrameOpener(cipher, layout, emit);
  try {
    opener.write(sealed.subarray(taken));
    opener.finish();
    return plaintext.length === 1 ? asBuffer(plaintext[0]!) : Buffer.concat(plaintext);
  } finally {
    opener.wipe();
  }
}

/** Stands for the signal that the caller did not give. */
const NEVER = new AbortController().signal;

function plaintextBytes(plaintext: unknown): Uint8Array {
  if (plaintext instanceof Uint8Array) return plaintext;
  if (typeof plaintext !== 'string') throw optionsTypeError('`plaintext` must be a Uint8Array or a string');
  if (LONE_SURROGATE.test(plaintext)) {
    throw optionsTypeError('`plaintext` has a lone surrogate, which UTF-8 cannot hold: give it as bytes');
  }
  return Buffer.from(plaintext);
}
