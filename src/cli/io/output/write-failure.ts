import { isSystemError, reason } from '../../../system-error.js';
import { isReaderGone } from '../../exit-status.js';
import { CommandError, EXIT } from '../../terminal/command-error.js';
import { FILE_TROUBLE } from '../../terminal/messages/files/files.js';

/** The error for a failed write, with the name of the file. A reader that has left is not reported. */
export function writeFailure(name: string, error: unknown): unknown {
  if (!isSystemError(error) || isReaderGone(error)) return error;
  return new CommandError(EXIT.other, FILE_TROUBLE.cannotWrite(name, reason(error)), error);
}
