import { createCipheriv, createDecipheriv, randomBytes, randomFillSync } from 'node:crypto';
import { abortError } from '../abort.js';
import { asBuffer, copyOf, ownMemory, u32, wipe } from '../bytes.js';
import { hkdf } from '../crypto/hkdf.js';
import { sha256 } from '../crypto/key-schedule.js';
import { optionsTypeError, SealpipeError } from '../errors.js';
import type { Recipient } from '../format/stream-header.js';
import { MAX_DATA_KEY_BYTES, MAX_KEY_NAME_BYTES } from '../limits.js';
import type { OptionNames } from '../options.js';
import { readOptions } from '../options.js';
import { isBytes } from '../realms.js';
import { TAG_SIZE } from '../suites.js';
import { quoted, shortened } from '../text/printable.js';
import { isWellFormed } from '../text/well-formed.js';
import type { KeyProvider, KeyRequest } from './provider.js';

/** Options of {@link rawKey}. */
export interface RawKeyOptions {
  /** Names the wrapping key in the stream, in the clear: 1 to 2,048 bytes of UTF-8. */
  readonly name: string;
  /** 32 bytes from a CSPRNG, not a password. Copied; the caller may wipe it at once. */
  readonly key: Uint8Array;
}

/*
 * FORMAT 2, provider `raw`:  wrapped = r(32) ‖ AES-256-GCM(kek, nonce, AAD empty, data key) ‖ tag(16)
 * kek(32) ‖ nonce(12) = HKDF-SHA-512(wrapping key, r, "sealpipe/1 raw" ‖ 00 ‖ u32(len key) ‖ key ‖ contextDigest, 44)
 */
const NAMES: OptionNames<RawKeyOptions> = { name: true, key: true };
const PROVIDER = 'raw';
/** Bytes of a wrapping key. */
export const WRAPPING_KEY_SIZE = 32;
const RANDOM_SIZE = 32;
const NONCE_SIZE = 12;
const LABEL = Buffer.from('sealpipe/1 raw\0', 'ascii');

/**
 * Wraps data keys with a key that you hold (FORMAT 2, provider `raw`), without a service. Opens what was sealed under
 * the same name with the same key. The copy of the key lives as long as the provider.
 *
 * @throws TypeError `ERR_SEALPIPE_OPTIONS` for a name or key of the wrong kind or size
 * @example
 * const keys = rawKey({ name: 'backup-2026', key: await readFile('backup.key') });
 */
export function rawKey(options: RawKeyOptions): KeyProvider {
  const { name, key } = readOptions<RawKeyOptions>('rawKey()', options ?? {}, NAMES);
  if (typeof name !== 'string' || name === '' || !isWellFormed(name)) {
    throw optionsTypeError('rawKey: `name` must be a string that is not empty and is well-formed');
  }
  if (Buffer.byteLength(name) > MAX_KEY_NAME_BYTES) {
    throw optionsTypeError(`rawKey: \`name\` takes more than ${MAX_KEY_NAME_BYTES} bytes`);
  }
  if (!isBytes(key) || key.length !== WRAPPING_KEY_SIZE) {
    throw optionsTypeError(`rawKey: \`key\` must be a Uint8Array of ${WRAPPING_KEY_SIZE} bytes`);
  }
  return new RawKeyProvider(name, copyOf(key));
}

class RawKeyProvider implements KeyProvider {
  readonly id: string;
  readonly #name: string;
  readonly #wrappingKey: Buffer;

  constructor(name: string, wrappingKey: Buffer) {
    this.id = `${PROVIDER}:${name}`;
    this.#name = name;
    this.#wrappingKey = wrappingKey;
  }

  async generate(request: KeyRequest): Promise<{ dataKey: Uint8Array; recipient: Recipient }> {
    const dataKey = randomFillSync(ownMemory(request.dataKeyBytes));
    try {
      return { dataKey, recipient: await this.wrap(dataKey, request) };
    } catch (error) {
      wipe(dataKey);
      throw error;
    }
  }

  async wrap(dataKey: Uint8Array, request: KeyRequest): Promise<Recipient> {
    if (request.signal.aborted) throw abortError(request.signal);
    const random = randomBytes(RANDOM_SIZE);
    const material = this.#derive(random, request.contextBytes);
    try {
      const cipher = createCipheriv(
        'aes-256-gcm',
        material.subarray(0, WRAPPING_KEY_SIZE),
        material.subarray(WRAPPING_KEY_SIZE),
      );
      const wrapped = Buffer.concat([random, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
      return { provider: PROVIDER, key: this.#name, wrapped };
    } finally {
      wipe(material);
    }
  }

  matches({ provider, key }: Recipient): boolean {
    return provider === PROVIDER && key === this.#name;
  }

  async unwrap({ wrapped }: Recipient, request: KeyRequest): Promise<Uint8Array> {
    if (request.signal.aborted) throw abortError(request.signal);
    const size = wrapped.length - RANDOM_SIZE - TAG_SIZE;
    if (size < request.dataKeyBytes || size > MAX_DATA_KEY_BYTES) throw doesNotUnwrap(this.#name);
    const bytes = asBuffer(wrapped);
    const material = this.#derive(bytes.subarray(0, RANDOM_SIZE), request.contextBytes);
    let dataKey: Buffer | undefined;
    try {
      const decipher = createDecipheriv(
        'aes-256-gcm',
        material.subarray(0, WRAPPING_KEY_SIZE),
        material.subarray(WRAPPING_KEY_SIZE),
        { authTagLength: TAG_SIZE },
      );
      decipher.setAuthTag(bytes.subarray(-TAG_SIZE));
      dataKey = decipher.update(bytes.subarray(RANDOM_SIZE, -TAG_SIZE));
      decipher.final();
      return copyOf(dataKey);
    } catch (cause) {
      throw doesNotUnwrap(this.#name, cause);
    } finally {
      wipe(material, dataKey);
    }
  }

  #derive(random: Uint8Array, contextBytes: Uint8Array): Buffer {
    const name = Buffer.from(this.#name);
    const info = Buffer.concat([LABEL, u32(name.length), name, sha256(contextBytes)]);
    return hkdf(this.#wrappingKey, random, info, WRAPPING_KEY_SIZE + NONCE_SIZE);
  }
}

function doesNotUnwrap(name: string, cause?: unknown): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_AUTHENTICATION',
    `The wrapped data key does not open with the key named ${quoted(shortened(name))}: it was altered, or made with another key or encryption context`,
    { cause },
  );
}
