import { isMisuse, isSealpipeError } from '../../../errors.js';
import { asClause, failureOf } from '../../exit-status.js';
import { CommandError, EXIT, misuse } from '../../terminal/command-error.js';
import { FILE_TROUBLE } from '../../terminal/messages/files/files.js';
import { inFlags, STORE_TROUBLE } from '../../terminal/messages/store.js';

/** Adds the name of the object to a failure. Errors that do not come from the store are unchanged. */
export function objectFailure(name: string, action: 'read' | 'write', error: unknown): unknown {
  if (isMisuse(error)) return misuse({ what: asClause(inFlags(error.message)) });
  if (!isSealpipeError(error)) return error;
  const { status, what } = failureOf(error);
  switch (error.code) {
    case 'ERR_SEALPIPE_EXISTS':
      return new CommandError(EXIT.usage, FILE_TROUBLE.exists(name), error);
    case 'ERR_SEALPIPE_CONTEXT':
      return new CommandError(status, STORE_TROUBLE.elsewhere(what), error);
    case 'ERR_SEALPIPE_STORE':
    case 'ERR_SEALPIPE_CHANGED': {
      const why = asClause(inFlags(error.message));
      const words =
        action === 'read' ? FILE_TROUBLE.cannotRead(name, why) : FILE_TROUBLE.cannotWrite(name, why);
      return new CommandError(status, { ...words, hint: hintOf(error.hint) }, error);
    }
    case 'ERR_SEALPIPE_LIMIT':
      return action === 'write'
        ? new CommandError(EXIT.other, { what, hint: hintOf(error.hint) }, error)
        : error;
    default:
      return error;
  }
}

function hintOf(hint: string | undefined): string | undefined {
  return hint && `${inFlags(hint)}.`;
}
