import { isSystemError, reason } from '../../../system-error.js';
import { isReaderGone } from '../../exit-status.js';
import { CommandError, EXIT } from '../../terminal/command-error.js';
import { FILE_TROUBLE } from '../../terminal/messages/files/files.js';

/** What to throw for a failed write: it names the file, unless a reader has enough, of which nothing is said. */
export function writeFailure(name: string, error: unknown): unknown {
  if (!isSystemError(error) || isReaderGone(error)) return error;
  return new CommandError(EXIT.other, FILE_TROUBLE.cannotWrite(name, reason(error)), error);
}
