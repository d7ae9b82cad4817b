import { isError } from './realms.js';

/**
 * One code for each decision that a caller can make about a failure. A {@link SealpipeError} carries one of them.
 *
 * Wrong use is not a SealpipeError. It is a TypeError or RangeError with the code `ERR_SEALPIPE_OPTIONS`, or a
 * TypeError with `ERR_SEALPIPE_CONTEXT` for an invalid encryption context.
 *
 * | code | meaning |
 * |---|---|
 * | `ERR_SEALPIPE_FORMAT` | not a sealpipe stream, or malformed |
 * | `ERR_SEALPIPE_UNSUPPORTED` | a version, suite or layout that this release does not know: upgrade |
 * | `ERR_SEALPIPE_LIMIT` | legal, but over a limit of the reader, or beyond the bounds of FORMAT 6 |
 * | `ERR_SEALPIPE_AUTHENTICATION` | altered, or sealed under another key or context; `cutShort`: cut short, or altered at its end |
 * | `ERR_SEALPIPE_TRUNCATED` | ends too early (`cutShort`) |
 * | `ERR_SEALPIPE_TRAILING_DATA` | continues after its last frame |
 * | `ERR_SEALPIPE_CONTEXT` | the encryption context differs from the required one, or it is withheld and was not supplied |
 * | `ERR_SEALPIPE_KEY_NOT_FOUND` | the key does not exist |
 * | `ERR_SEALPIPE_KEY_DENIED` | the caller may not use the key, or has no credentials or region |
 * | `ERR_SEALPIPE_KEY_UNAVAILABLE` | the key cannot be used now; `retryable` says whether a later call may succeed |
 * | `ERR_SEALPIPE_KEY_MISMATCH` | no recipient of the stream is one of the caller's keys |
 * | `ERR_SEALPIPE_LENGTH` | the length of the plaintext differs from `expectedLength` |
 * | `ERR_SEALPIPE_CONFIRM` | `confirm` rejected, so the last frame was withheld |
 * | `ERR_SEALPIPE_EXISTS` | what you wanted to create already exists; nothing was changed |
 * | `ERR_SEALPIPE_TIMEOUT` | a key call did not answer within its deadline |
 * | `ERR_SEALPIPE_LOCKED` | another re-wrap is working on the file, or was interrupted and left its journal beside it |
 * | `ERR_SEALPIPE_CHANGED` | the file or object changed during the operation; nothing was replaced |
 * | `ERR_SEALPIPE_STORE` | an object store, such as S3, refused a request or failed; `retryable` says whether a later call may succeed |
 * | `ERR_SEALPIPE_ARCHIVE` | the segments of a log archive are inconsistent: a gap, a fork or a mismatch |
 */
export type ErrorCode =
  | 'ERR_SEALPIPE_FORMAT'
  | 'ERR_SEALPIPE_UNSUPPORTED'
  | 'ERR_SEALPIPE_LIMIT'
  | 'ERR_SEALPIPE_AUTHENTICATION'
  | 'ERR_SEALPIPE_TRUNCATED'
  | 'ERR_SEALPIPE_TRAILING_DATA'
  | 'ERR_SEALPIPE_CONTEXT'
  | 'ERR_SEALPIPE_KEY_NOT_FOUND'
  | 'ERR_SEALPIPE_KEY_DENIED'
  | 'ERR_SEALPIPE_KEY_UNAVAILABLE'
  | 'ERR_SEALPIPE_KEY_MISMATCH'
  | 'ERR_SEALPIPE_LENGTH'
  | 'ERR_SEALPIPE_CONFIRM'
  | 'ERR_SEALPIPE_EXISTS'
  | 'ERR_SEALPIPE_TIMEOUT'
  | 'ERR_SEALPIPE_LOCKED'
  | 'ERR_SEALPIPE_CHANGED'
  | 'ERR_SEALPIPE_STORE'
  | 'ERR_SEALPIPE_ARCHIVE';

/** What a {@link SealpipeError} may carry besides its code and message. */
export interface ErrorDetails {
  /** What to do, as a sentence without a full stop. */
  readonly hint?: string | undefined;
  /** The caught error, or the part of it that may be shown. */
  readonly cause?: unknown;
  /** Whether the same call may succeed later without a change by the caller. */
  readonly retryable?: boolean | undefined;
  /** The failure is at the end of the stream, which was cut short or altered there. */
  readonly atEnd?: boolean | undefined;
}

const BRAND = Symbol.for('sealpipe.error');

/**
 * The one error class of this library. Switch on `code`. `message` says what happened and `hint` what to do. Both are
 * for people, may change, and hold no key, plaintext or value of an encryption context. `cause` is the caught error, if
 * any.
 *
 * @example
 * // In your own key provider:
 * throw new SealpipeError('ERR_SEALPIPE_KEY_UNAVAILABLE', 'The vault is sealed', {
 *   hint: 'Unseal it: vault operator unseal',
 *   retryable: true,
 *   cause,
 * });
 */
export class SealpipeError extends Error {
  /** What happened, in as much detail as affects the caller's next step. */
  readonly code: ErrorCode;
  /** What to do, as a sentence without a full stop; absent if no remedy is known. */
  declare readonly hint?: string;
  /** Whether the same call may succeed later without a change by the caller; absent means no. */
  declare readonly retryable?: boolean;
  /** For `ERR_SEALPIPE_AUTHENTICATION`: the stream was cut short, or altered at its end (FORMAT 7). */
  declare readonly atEnd?: boolean;
  /**
   * True if the stream was cut short or altered at its end; the two cannot be told apart. Set for every
   * `ERR_SEALPIPE_TRUNCATED`, and for an `ERR_SEALPIPE_AUTHENTICATION` with `atEnd`; absent otherwise.
   */
  declare readonly cutShort?: true;

  /**
   * @param code what happened
   * @param message what happened, for people; no secrets
   * @param details `hint`, `cause`, `retryable`, `atEnd`
   */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'SealpipeError';
    this.code = code;
    if (details.hint !== undefined) this.hint = details.hint;
    if (details.retryable !== undefined) this.retryable = details.retryable;
    if (details.atEnd !== undefined) this.atEnd = details.atEnd;
    if (details.atEnd || code === 'ERR_SEALPIPE_TRUNCATED') this.cutShort = true;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/**
 * Whether `value` is a {@link SealpipeError}, even one from another copy of this package. False for wrong use
 * (TypeError, RangeError) and for an abort.
 *
 * @example
 * if (isSealpipeError(error) && error.cutShort) console.error('fetch it again');
 */
export function isSealpipeError(value: unknown): value is SealpipeError {
  try {
    return isError(value) && (value as { [BRAND]?: unknown })[BRAND] === true;
  } catch {
    return false; // a Proxy may forbid to be looked at
  }
}

/** A TypeError for an option of the wrong type, `code: 'ERR_SEALPIPE_OPTIONS'`. */
export function optionsTypeError(message: string): TypeError {
  return misuse(new TypeError(message), 'ERR_SEALPIPE_OPTIONS');
}

/** A RangeError for an option outside its range, `code: 'ERR_SEALPIPE_OPTIONS'`. */
export function optionsRangeError(message: string): RangeError {
  return misuse(new RangeError(message), 'ERR_SEALPIPE_OPTIONS');
}

/** A TypeError for an invalid encryption context, `code: 'ERR_SEALPIPE_CONTEXT'`. */
export function contextTypeError(message: string): TypeError {
  return misuse(new TypeError(message), 'ERR_SEALPIPE_CONTEXT');
}

const MISUSE = Symbol.for('sealpipe.misuse');

function misuse<E extends Error>(error: E, code: 'ERR_SEALPIPE_OPTIONS' | 'ERR_SEALPIPE_CONTEXT'): E {
  return Object.defineProperty(Object.assign(error, { code }), MISUSE, { value: true });
}

/**
 * Whether `value` is an error for wrong use of this package. Its code alone does not prove that, because fields of a
 * service's response, such as `code`, become properties of an error.
 */
export function isMisuse(value: unknown): value is Error & { readonly code: string } {
  try {
    return isError(value) && (value as { [MISUSE]?: unknown })[MISUSE] === true;
  } catch {
    return false;
  }
}
