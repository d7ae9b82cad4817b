import { isSystemError, reason } from '../../../system-error.js';
import { isReaderGone } from '../../exit-status.js';
import { CommandError, EXIT } from '../../terminal/command-error.js';
import { TROUBLE } from '../../terminal/messages/command-line.js';

/** What to throw for a failed write: it names the file, unless a reader has enough, of which nothing is said. */
export function writeFailure(name: string, error: unknown): unknown {
  if (!isSystemError(error) || isReaderGone(error)) return error;
  return new CommandError(EXIT.other, TROUBLE.cannotWrite(name, reason(error)), error);
}
