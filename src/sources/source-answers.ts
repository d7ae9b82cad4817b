import { optionsTypeError, SealpipeError } from '../errors.js';
import { isBytes, isError } from '../realms.js';

/** @throws TypeError `ERR_SEALPIPE_OPTIONS` for an invalid size */
export function checkedSize(size: unknown): number {
  if (Number.isSafeInteger(size) && (size as number) >= 0) return size as number;
  throw optionsTypeError('The size() of the source must be a whole number of bytes');
}

/**
 * Checks the answer of a read of `length` bytes.
 *
 * @throws SealpipeError `ERR_SEALPIPE_TRUNCATED` if there are fewer; TypeError `ERR_SEALPIPE_OPTIONS` if there are
 * more, or if it is not a Uint8Array
 */
export function checkedBytes(bytes: unknown, length: number): Uint8Array {
  if (!isBytes(bytes)) throw optionsTypeError('The read() of the source must return a Uint8Array');
  if (bytes.length > length) {
    throw optionsTypeError(
      `The read() of the source returned ${bytes.length} bytes, but ${length} were requested`,
    );
  }
  assertAll(bytes.length, length);
  return bytes;
}

/** @throws SealpipeError `ERR_SEALPIPE_TRUNCATED` */
export function assertAll(came: number, length: number): void {
  if (came === length) return;
  throw new SealpipeError(
    'ERR_SEALPIPE_TRUNCATED',
    `The source returned ${came} bytes instead of ${length}: it is shorter than its size`,
  );
}

/** The error of a source, always an Error, because a stream that is destroyed without one fails silently. */
export function sourceError(error: unknown): Error {
  return isError(error) ? error : optionsTypeError('The source failed with a value that is not an error');
}
