import { copyOf, wipe } from '../bytes.js';
import { optionsTypeError, SealpipeError } from '../errors.js';
import { decodeEnvelope, encodeEnvelope } from '../format/envelope.js';
import type { Recipient } from '../format/stream-header.js';
import { MAX_DATA_KEY_BYTES, MAX_WRAPPED_BYTES } from '../limits.js';
import { isBytes } from '../realms.js';
import type { GeneratedKey } from './provider.js';

/**
 * Checks the result of a provider's `generate`, except for the rules of readers about recipients.
 *
 * @throws TypeError `ERR_SEALPIPE_OPTIONS`; the caller still has to wipe the data key, if there is one
 */
export function checkGenerated(answer: unknown, atLeast: number): GeneratedKey {
  const { dataKey, recipient } = (answer ?? {}) as { dataKey?: unknown; recipient?: unknown };
  if (!isDataKey(dataKey, atLeast)) {
    throw optionsTypeError(
      `The key provider must generate a data key of ${atLeast} to ${MAX_DATA_KEY_BYTES} bytes`,
    );
  }
  assertNotWiped(dataKey);
  return { dataKey, recipient: checkRecipient(recipient) };
}

/**
 * Checks that a data key still holds its secret: anybody could open a stream that is sealed under zeros, but not with
 * its wrapped key.
 *
 * @throws TypeError `ERR_SEALPIPE_OPTIONS`
 */
export function assertNotWiped(dataKey: Uint8Array): void {
  if (dataKey.some((byte) => byte !== 0)) return;
  throw optionsTypeError(
    'The data key is all zeros: a key provider returned memory that was already wiped, or wrote into the data key',
  );
}

/**
 * Checks that a recipient can be encoded: its types, and the length of its wrapped key.
 *
 * @returns a copy
 * @throws TypeError `ERR_SEALPIPE_OPTIONS`
 */
export function checkRecipient(recipient: unknown): Recipient {
  const { provider, key, wrapped } = (recipient ?? {}) as Partial<Recipient>;
  if (typeof provider !== 'string' || typeof key !== 'string' || !isBytes(wrapped)) {
    throw illegalRecipient();
  }
  if (wrapped.length < 1 || wrapped.length > MAX_WRAPPED_BYTES) throw illegalRecipient();
  return { provider, key, wrapped: copyOf(wrapped) };
}

/**
 * Checks that a strict reader accepts a recipient (FORMAT 2). Call after `loadPackWriter`.
 *
 * @throws TypeError `ERR_SEALPIPE_OPTIONS`
 */
export function checkLegal(recipient: Recipient): void {
  try {
    const envelope = encodeEnvelope([recipient]);
    decodeEnvelope(envelope, envelope.length);
  } catch (cause) {
    throw illegalRecipient(cause);
  }
}

/**
 * Checks the result of a provider's `unwrap`.
 *
 * @throws SealpipeError `ERR_SEALPIPE_AUTHENTICATION` if it is not a data key
 */
export function checkUnwrapped(answer: unknown, atLeast: number): Uint8Array {
  if (isDataKey(answer, atLeast)) return answer;
  throw new SealpipeError(
    'ERR_SEALPIPE_AUTHENTICATION',
    `The wrapped key does not hold a data key of ${atLeast} to ${MAX_DATA_KEY_BYTES} bytes`,
  );
}

/** Wipes the data key in a provider's result, whatever the provider may have returned in its place. */
export function wipeDataKey(dataKey: unknown): void {
  // Memory that was transferred away has no length, and cannot be written to.
  if (isBytes(dataKey) && dataKey.length > 0) wipe(dataKey);
}

/** The same for the result of `generate`. */
export function wipeGenerated(answer: unknown): void {
  wipeDataKey((answer as Partial<GeneratedKey> | null | undefined)?.dataKey);
}

/** Whether `value` may be the data key of a suite that needs `atLeast` bytes (FORMAT 3). */
export function isDataKey(value: unknown, atLeast: number): value is Uint8Array {
  return isBytes(value) && value.length >= atLeast && value.length <= MAX_DATA_KEY_BYTES;
}

/** The error for a recipient that every reader refuses. */
export function illegalRecipient(cause?: unknown): TypeError {
  const error = optionsTypeError(
    'A key provider gave a recipient that no stream may have: see FORMAT.md, section 2',
  );
  return cause === undefined ? error : Object.assign(error, { cause });
}
