import { abortError, unlessAborted } from '../abort.js';
import { asBuffer } from '../bytes.js';
import { optionsTypeError } from '../errors.js';
import { PreambleReader } from '../format/preamble.js';
import { assertKept } from '../frames/frame-errors.js';
import { FrameOpener } from '../frames/opener.js';
import { FrameSealer } from '../frames/sealer.js';
import { isBytes } from '../realms.js';
import { plaintextGuard } from './closed-segment.js';
import type { DecryptOptions, DecryptSettings } from './decrypt-options.js';
import { decryptSettings } from './decrypt-options.js';
import { StreamReport } from './diagnostics.js';
import type { EncryptOptions, EncryptSettings } from './encrypt-options.js';
import { encryptSettings } from './encrypt-options.js';
import { setUpOpen } from './open-setup.js';
import { setUpSeal } from './seal-setup.js';
import { bytesOfText } from './text-bytes.js';
import { assertNotOver, assertWhole, confirmed } from './whole.js';

interface Output {
  readonly output: Buffer;
  readonly frames: number;
}

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
  const report = new StreamReport('encrypt');
  return report.watch(bytes.length, () => sealAll(bytes, settings, report));
}

async function sealAll(bytes: Uint8Array, settings: EncryptSettings, report: StreamReport): Promise<Output> {
  const { expectedLength, confirm, signal = NEVER } = settings;
  const { length } = bytes;
  const confirmation = typeof confirm === 'object' ? confirmed(confirm) : undefined;
  confirmation?.catch(() => undefined);
  if (signal.aborted) throw abortError(signal);
  assertNotOver(length, expectedLength);
  assertWhole(length, expectedLength);
  const usage = { plaintextBytes: length, ended: true };
  const { header, preamble, cipher, layout, service } = await setUpSeal(settings, usage, signal);
  report.start(header, service);
  const sealed: Uint8Array[] = [preamble];
  const sealer = new FrameSealer(cipher, layout, (frames) => sealed.push(frames));
  try {
    assertKept(bytes, length);
    sealer.write(bytes);
    if (confirm !== undefined) await unlessAborted(confirmation ?? confirmed(confirm), signal);
    if (signal.aborted) throw abortError(signal);
    sealer.finish();
    return { output: Buffer.concat(sealed), frames: sealer.frames };
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
  if (!isBytes(sealed)) throw optionsTypeError('`sealed` must be a Uint8Array');
  const report = new StreamReport('decrypt');
  return report.watch(sealed.length, () => openAll(sealed, settings, report));
}

async function openAll(sealed: Uint8Array, settings: DecryptSettings, report: StreamReport): Promise<Output> {
  const { signal = NEVER } = settings;
  const { length } = sealed;
  if (signal.aborted) throw abortError(signal);
  const reader = new PreambleReader(settings.limits);
  const { taken, preamble } = reader.take(sealed, 0);
  if (preamble === undefined) throw reader.end();
  const { cipher, layout, service } = await setUpOpen(preamble, settings, signal);
  report.start(preamble.header, service);
  const plaintext: Uint8Array[] = [];
  const emit = plaintextGuard(preamble.header, (bytes) => plaintext.push(bytes));
  const opener = new FrameOpener(cipher, layout, emit);
  try {
    assertKept(sealed, length);
    opener.write(sealed.subarray(taken));
    opener.finish();
    const output = plaintext.length === 1 ? asBuffer(plaintext[0]!) : Buffer.concat(plaintext);
    return { output, frames: opener.frames };
  } finally {
    opener.wipe();
  }
}

/** Stands for the signal that the caller did not give. */
const NEVER = new AbortController().signal;

function plaintextBytes(plaintext: unknown): Uint8Array {
  if (isBytes(plaintext)) return plaintext;
  if (typeof plaintext !== 'string') throw optionsTypeError('`plaintext` must be a Uint8Array or a string');
  return bytesOfText('`plaintext`', plaintext, 'utf8');
}
