import { SealpipeError } from '../../../errors.js';

const made = new WeakSet<object>();

/** The error that ends an attempt to resume. It is never visible: the upload starts again. */
export function unresumable(): SealpipeError {
  const error = new SealpipeError(
    'ERR_SEALPIPE_CHANGED',
    'The upload that was begun cannot be resumed: the file, or what is on record of it, is another',
  );
  made.add(error);
  return error;
}

/** Whether an error was made by {@link unresumable}. */
export function isUnresumable(error: unknown): boolean {
  return typeof error === 'object' && error !== null && made.has(error);
}
