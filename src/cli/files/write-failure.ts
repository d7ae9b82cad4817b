import { isReaderGone, isSystemError, reason } from '../say/explain.js';
import { EXIT, Failure } from '../say/failure.js';
import { TROUBLE } from '../say/words.js';

/** What to throw for a failed write: it names the file, unless a reader has enough, of which nothing is said. */
export function writeFailure(name: string, error: unknown): unknown {
  if (!isSystemError(error) || isReaderGone(error)) return error;
  return new Failure(EXIT.other, TROUBLE.cannotWrite(name, reason(error)), error);
}
