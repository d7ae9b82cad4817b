import { SealpipeError } from '../errors.js';

/**
 * Waits until the caller confirms that the plaintext is whole.
 *
 * @throws SealpipeError `ERR_SEALPIPE_CONFIRM` whose cause is the error that was thrown or rejected with
 */
export async function confirmed(confirm: PromiseLike<unknown> | (() => unknown)): Promise<void> {
  try {
    await (typeof confirm === 'function' ? confirm() : confirm);
  } catch (cause) {
    throw new SealpipeError(
      'ERR_SEALPIPE_CONFIRM',
      'The plaintext was not confirmed to be whole: the last frame was withheld, so that the stream cannot be taken for a whole one',
      { cause },
    );
  }
}

/** @throws SealpipeError `ERR_SEALPIPE_LENGTH` as soon as more plaintext came than was expected */
export function assertNotOver(length: number, expected: number | undefined): void {
  if (expected !== undefined && length > expected) throw wrongLength(`more than`, expected);
}

/** @throws SealpipeError `ERR_SEALPIPE_LENGTH` if less plaintext came than was expected */
export function assertNotUnder(length: number, expected: number | undefined): void {
  if (expected !== undefined && length < expected) throw wrongLength(`${length} of`, expected);
}

function wrongLength(came: string, expected: number): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_LENGTH',
    `The source gave ${came} the ${expected} bytes that were expected: the last frame was withheld`,
  );
}
