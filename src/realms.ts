import { types } from 'node:util';

/*
 * Values from the caller may belong to another realm than this module: one of `node:vm`, or that of a test environment
 * with its own globals, such as jest's. `instanceof` knows the classes of one realm only.
 */

/** Whether `value` is a Uint8Array, such as a Buffer. */
export function isBytes(value: unknown): value is Uint8Array {
  return types.isUint8Array(value);
}

/**
 * The same memory as a plain Uint8Array of this realm, for a library that accepts nothing else. If a test environment
 * runs this module in its own realm, every Buffer is of another realm.
 */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Whether `value` is an error: by its internal slots, or by its shape, as for a DOMException. */
export function isError(value: unknown): value is Error {
  if (types.isNativeError(value)) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { name, message } = value as Partial<Error>;
  return typeof name === 'string' && typeof message === 'string';
}

/** Whether `value` has what this library uses of an AbortSignal. */
export function isAbortSignal(value: unknown): value is AbortSignal {
  if (typeof value !== 'object' || value === null) return false;
  const { aborted, addEventListener, removeEventListener } = value as Partial<AbortSignal>;
  return (
    typeof aborted === 'boolean' &&
    typeof addEventListener === 'function' &&
    typeof removeEventListener === 'function'
  );
}
