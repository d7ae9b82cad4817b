import { compareBytes, writeU32 } from '../bytes.js';
import { contextTypeError } from '../errors.js';
import { MAX_CONTEXT_BYTES } from '../limits.js';
import { quoted, shortened } from '../text/printable.js';
import { isWellFormed } from '../text/well-formed.js';
import { malformed } from './malformed.js';
import type { PackReader } from './pack-reader.js';
import { text } from './pack-reader.js';

/** An encryption context as an object, and in canonical form (FORMAT 4). */
export interface CanonicalContext {
  /** Frozen, with a null prototype: `__proto__` and `constructor` are ordinary keys. */
  readonly encryptionContext: Readonly<Record<string, string>>;
  /** `u32(pairs)`, then for each pair in order `u32(len key) ‖ key ‖ u32(len value) ‖ value`. */
  readonly contextBytes: Uint8Array;
}

type Pair = readonly [key: Uint8Array, value: Uint8Array];

/**
 * Brings a caller's encryption context into canonical order.
 *
 * @throws TypeError `ERR_SEALPIPE_CONTEXT` if it is not a plain object of well-formed strings with non-empty keys, or
 * exceeds 8,192 bytes in canonical form. The message names keys, never values.
 */
export function canonicalContext(context: unknown): CanonicalContext {
  if (typeof context !== 'object' || context === null || !isPlain(context)) {
    throw contextTypeError('The encryption context must be a plain object of strings');
  }
  if (Object.getOwnPropertySymbols(context).length > 0) {
    throw contextTypeError('The encryption context has a symbol for a key: all of its keys must be strings');
  }
  const pairs: Pair[] = [];
  for (const [key, value] of Object.entries(context)) {
    if (key === '') throw contextTypeError('The encryption context has an empty key');
    if (typeof value !== 'string') {
      throw contextTypeError(`The encryption context's value of ${quoted(shortened(key))} is not a string`);
    }
    if (!isWellFormed(key) || !isWellFormed(value)) {
      throw contextTypeError(`The encryption context has a lone surrogate at ${quoted(shortened(key))}`);
    }
    pairs.push([Buffer.from(key), Buffer.from(value)]);
  }
  pairs.sort((a, b) => compareBytes(a[0], b[0]));
  if (canonicalSize(pairs) > MAX_CONTEXT_BYTES) {
    throw contextTypeError(
      `The encryption context takes ${canonicalSize(pairs)} bytes, more than ${MAX_CONTEXT_BYTES}`,
    );
  }
  return fromPairs(pairs);
}

/**
 * Reads the `context` map of a bound: its pairs must be in canonical order. Each length is checked against the part of
 * 8,192 bytes that the pairs before it leave.
 */
export function readContext(reader: PackReader): CanonicalContext {
  const pairs: Pair[] = [];
  let room = MAX_CONTEXT_BYTES - 4;
  let previous = new Uint8Array(0);
  for (let left = reader.mapSize(); left > 0; left--) {
    const inOrder = (key: Uint8Array) => compareBytes(key, previous.subarray(0, key.length)) >= 0;
    const key = new Uint8Array(reader.strBytes(1, room - 4, inOrder));
    if (compareBytes(key, previous) <= 0) throw malformed('its context is not in canonical order');
    room -= 4 + key.length;
    const value = new Uint8Array(reader.strBytes(0, room - 4));
    room -= 4 + value.length;
    pairs.push([key, value]);
    previous = key;
  }
  reader.endMap();
  return fromPairs(pairs);
}

/** Whether `context` has every pair of `required`. */
export function includesContext(
  context: Readonly<Record<string, string>>,
  required: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(required).every(
    ([key, value]) => Object.hasOwn(context, key) && context[key] === value,
  );
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function canonicalSize(pairs: readonly Pair[]): number {
  return pairs.reduce((size, [key, value]) => size + 8 + key.length + value.length, 4);
}

function fromPairs(pairs: readonly Pair[]): CanonicalContext {
  const contextBytes = new Uint8Array(canonicalSize(pairs));
  const encryptionContext: Record<string, string> = Object.create(null);
  writeU32(contextBytes, 0, pairs.length);
  let offset = 4;
  for (const pair of pairs) {
    for (const field of pair) {
      writeU32(contextBytes, offset, field.length);
      contextBytes.set(field, offset + 4);
      offset += 4 + field.length;
    }
    encryptionContext[text(pair[0])] = text(pair[1]);
  }
  return { encryptionContext: Object.freeze(encryptionContext), contextBytes };
}
