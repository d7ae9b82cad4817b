import type { Recipient } from '../format/stream-header.js';

/** How much one stream has sealed under its data key. */
export interface KeyUsage {
  /** Bytes taken so far. */
  readonly plaintextBytes: number;
  /** No more will be taken. */
  readonly ended: boolean;
}

/** What one stream reports about its data key. */
export interface KeyTrial {
  /** Whether the data key met the stream's commitment (FORMAT 5); undefined until the stream knows. */
  readonly fits: boolean | undefined;
}

/** One provider's attempts at the recipients of one stream. */
export interface KeyAttempts {
  /** When the first attempt began, by `performance.now()`. */
  readonly since: number;
  /** How many attempts may follow, including this one. */
  readonly left: number;
}

/** The input of a key call. */
export interface KeyRequest {
  /** The stream's encryption context, frozen, with a null prototype. */
  readonly encryptionContext: Readonly<Record<string, string>>;
  /** The same in canonical form: `contextBytes` of FORMAT 4. Do not write to it. */
  readonly contextBytes: Uint8Array;
  /** The size of the data key that the suite needs (16 or 32 bytes). */
  readonly dataKeyBytes: number;
  /** The use of the data key so far; keeps counting (sealing only). */
  readonly usage?: KeyUsage;
  /** Whether the data key fits. Known once the stream has tried it (opening only). */
  readonly trial?: KeyTrial;
  /** The attempts that the provider's own time limit has to cover (opening only). */
  readonly attempts?: KeyAttempts;
  /** Aborted when the stream is destroyed or its own signal is aborted: give up the call. */
  readonly signal: AbortSignal;
}

/** A fresh data key and its first wrapping. */
export interface GeneratedKey {
  /** In the caller's own memory: the caller wipes it. */
  readonly dataKey: Uint8Array;
  /** The wrapped data key, as it goes into the stream. */
  readonly recipient: Recipient;
}

/**
 * Generates, wraps and unwraps data keys.
 *
 * Every method must settle, and must give up when `request.signal` is aborted. A failure is a SealpipeError:
 *
 * - `ERR_SEALPIPE_AUTHENTICATION`: the wrapped key does not open here (damaged, another key, another context);
 *   a reader skips this recipient and tries the next;
 * - `ERR_SEALPIPE_KEY_MISMATCH`: the recipient turned out not to belong to this provider; the next one is tried;
 * - `ERR_SEALPIPE_KEY_NOT_FOUND`, `_KEY_DENIED`, `_KEY_UNAVAILABLE`, `_TIMEOUT`: the call itself failed.
 *
 * Anything else that is thrown reaches the user unchanged, as the cause of an `ERR_SEALPIPE_KEY_UNAVAILABLE`. It may
 * end up in the user's logs, so it must hold no key and no value of the context. Diagnostics channels show the code and
 * message of a SealpipeError. Of any other error they show its name and code, but not its message.
 *
 * A private provider's recipients carry a `provider` with a dot in its name (FORMAT 2). The wrapping must be bound to
 * `request.contextBytes`: under another context it must not unwrap.
 */
export interface KeyProvider {
  /** Names this provider in messages and diagnostics. Never secret. */
  readonly id: string;
  /** Makes a data key of at least `dataKeyBytes` bytes (at most 1,024) and wraps it under the context. */
  generate(request: KeyRequest): Promise<GeneratedKey>;
  /** Wraps a data key that another provider made. Neither keeps `dataKey` nor writes into it. */
  wrap(dataKey: Uint8Array, request: KeyRequest): Promise<Recipient>;
  /** Whether this provider would try to unwrap `recipient`. Synchronous, makes no call, never throws. */
  matches(recipient: Recipient): boolean;
  /** Unwraps to the caller's own memory: the caller wipes it. */
  unwrap(recipient: Recipient, request: KeyRequest): Promise<Uint8Array>;
  /** Wraps the data key of `from` for `to` without exposing it here; undefined: unwrap and wrap instead. */
  rewrap?(from: Recipient, to: KeyProvider, request: KeyRequest): Promise<Recipient | undefined>;
}

/** Whether `value` has every method that a {@link KeyProvider} must have. */
export function isKeyProvider(value: unknown): value is KeyProvider {
  if (typeof value !== 'object' || value === null) return false;
  const provider = value as Readonly<Record<keyof KeyProvider, unknown>>;
  return (['generate', 'wrap', 'matches', 'unwrap'] as const).every(
    (name) => typeof provider[name] === 'function',
  );
}
