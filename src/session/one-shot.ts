import { asBuffer } from '../bytes.js';
import { optionsTypeError } from '../errors.js';
import { assertKept } from '../frames/frame-errors.js';
import { FrameOpener } from '../frames/opener.js';
import { FrameSealer } from '../frames/sealer.js';
import { isBytes } from '../realms.js';
import type { DecryptOptions } from './decrypt-options.js';
import { decryptSettings } from './decrypt-options.js';
import type { EncryptOptions } from './encrypt-options.js';
import { encryptSettings } from './encrypt-options.js';
import { OpenSession } from './open-session.js';
import { SealSession } from './seal-session.js';
import { plaintextGuard } from './setup/open-setup.js';
import { bytesOfText } from './text-bytes.js';

/**
 * Seals a message at once.
 *
 * @param plaintext bytes, which must not change until the promise settles; or a well-formed string, taken as UTF-8
 * @returns a whole sealed stream
 * @throws (rejects) like the stream of `createEncryptStream`; misuse: TypeError or RangeError
 * @example
 * const sealed = await encrypt('hello', { keys, encryptionContext: { purpose: 'greeting' } });
 */
export async function encrypt(plaintext: Uint8Array | string, options: EncryptOptions): Promise<Buffer> {
  const settings = encryptSettings(options);
  const bytes = plaintextBytes(plaintext);
  const { length } = bytes;
  const sealed: Uint8Array[] = [];
  const emit = (frames: Uint8Array) => void sealed.push(frames);
  const session = new SealSession(settings, (cipher, layout) => new FrameSealer(cipher, layout, emit));
  return session.run(async () => {
    session.take(length);
    session.end();
    const { preamble, frames } = await session.begin();
    assertKept(bytes, length);
    frames.write(bytes);
    await session.confirm();
    frames.finish();
    return output(session, [preamble, ...sealed]);
  });
}

/**
 * Opens a whole sealed stream at once. Returns all of its plaintext, or fails and returns none.
 *
 * @param sealed must not change until the promise settles
 * @throws (rejects) like the stream of `createDecryptStream`; misuse: TypeError or RangeError
 * @example
 * const plaintext = await decrypt(sealed, { keys, encryptionContext: { purpose: 'greeting' } });
 */
export async function decrypt(sealed: Uint8Array, options: DecryptOptions): Promise<Buffer> {
  const settings = decryptSettings(options);
  if (!isBytes(sealed)) throw optionsTypeError('`sealed` must be a Uint8Array');
  const { length } = sealed;
  const plaintext: Uint8Array[] = [];
  const emit = (bytes: Uint8Array) => void plaintext.push(bytes);
  const session = new OpenSession(
    settings,
    (cipher, layout, header) => new FrameOpener(cipher, layout, plaintextGuard(header, emit)),
  );
  return session.run(async () => {
    session.bytesIn = length;
    const { taken, preamble } = session.preamble.take(sealed, 0);
    if (preamble === undefined) throw session.preamble.end();
    const frames = await session.unlock(preamble);
    assertKept(sealed, length);
    frames.write(sealed.subarray(taken));
    frames.finish();
    return output(session, plaintext);
  });
}

/** Joins the pieces that a session produced. */
function output(session: { bytesOut: number }, pieces: readonly Uint8Array[]): Buffer {
  const whole = pieces.length === 1 ? asBuffer(pieces[0]!) : Buffer.concat(pieces);
  session.bytesOut = whole.length;
  return whole;
}

function plaintextBytes(plaintext: unknown): Uint8Array {
  if (isBytes(plaintext)) return plaintext;
  if (typeof plaintext !== 'string') throw optionsTypeError('`plaintext` must be a Uint8Array or a string');
  return bytesOfText('`plaintext`', plaintext, 'utf8');
}
