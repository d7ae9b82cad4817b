import { optionsTypeError, SealpipeError } from '../errors.js';

/**
 * The error if a tag does not verify, or if no writer writes such a word.
 *
 * @param atEnd in a last frame of the fixed layout (FORMAT 7)
 */
export function notAuthentic(atEnd = false): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_AUTHENTICATION',
    atEnd
      ? 'The stream is not authentic at its end: it was cut short, or altered there'
      : 'The stream is not authentic: it was altered',
    atEnd ? { atEnd } : {},
  );
}

/** The error if the stream ends before its last frame. */
export function truncated(): SealpipeError {
  return new SealpipeError('ERR_SEALPIPE_TRUNCATED', 'The stream is cut short: its last frame is missing');
}

/** The error if a stream exceeds the bounds of FORMAT 6. */
export function goesBeyond(bound: string): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_LIMIT',
    `The stream has more than ${bound}, which no stream may have`,
  );
}

/** The error if a record stream goes on after its final frame. */
export function trailingData(): SealpipeError {
  return new SealpipeError('ERR_SEALPIPE_TRAILING_DATA', 'Bytes follow the last frame of the stream');
}

/**
 * Refuses a chunk that lost bytes before all of them were taken. A listener of the stream may have transferred or
 * resized its memory.
 *
 * @throws TypeError `ERR_SEALPIPE_OPTIONS`
 */
export function assertKept(chunk: Uint8Array, length: number): void {
  if (chunk.length === length && !isGone(chunk)) return;
  throw optionsTypeError(
    'The memory of a chunk was transferred or resized before all of it was taken: leave it alone until the write has called back',
  );
}

/**
 * Refuses a chunk whose length may follow resizable memory: a stream that queues it counts its bytes twice, and would
 * wait forever for bytes that disappeared in between.
 *
 * @throws TypeError `ERR_SEALPIPE_OPTIONS`
 */
export function assertLengthIsFixed(chunk: Uint8Array): void {
  const memory: ArrayBufferLike & { readonly resizable?: boolean } = chunk.buffer;
  if (memory.resizable !== true || chunk.byteOffset + chunk.length < memory.byteLength) return;
  throw optionsTypeError('A chunk lies in resizable memory, and its length may change: write a copy of it');
}

/** Whether the memory behind a view is detached. Costs nothing unless the view is empty. */
function isGone(chunk: Uint8Array): boolean {
  if (chunk.length > 0) return false;
  try {
    chunk.keys();
    return false;
  } catch {
    return true;
  }
}

/** The error if a writer is asked for more than FORMAT 6 allows. */
export function holdsAtMost(bound: string): SealpipeError {
  return new SealpipeError('ERR_SEALPIPE_LIMIT', `A stream holds at most ${bound}`, {
    hint: 'Use larger frames, or begin a new stream',
  });
}
