import { SealpipeError } from '../../../errors.js';

const made = new WeakSet<object>();

/** The error that ends an attempt to resume. It is never visible: the upload starts again. */
export function unresumable(): SealpipeError {
  const error = new SealpipeError(
    'ERR_SEALPIPE_CHANGED',
    'The upload cannot be resumed: the file, or the record of it, has changed',
  );
  made.add(error);
  return error;
}

/** Whether an error was made by {@link unresumable}. */
export function isUnresumable(error: unknown): boolean {
  return typeof error === 'object' && error !== null && made.has(error);
}
