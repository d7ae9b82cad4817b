import type { FileFault, KnownFault } from '../../../../files/replace-file/file-fault.js';
import { fileFaultOf } from '../../../../files/replace-file/file-fault.js';
import { isSystemError, reason } from '../../../../system-error.js';
import type { Message } from '../../../terminal/command-error.js';
import { CommandError, EXIT } from '../../../terminal/command-error.js';
import { FILE_TROUBLE } from '../../../terminal/messages/files/files.js';

type WordsFor = (path: string, known: KnownFault, error: unknown) => Message;

/** The message and the status of each fault. */
const FAULTS: Readonly<Record<FileFault, readonly [number, WordsFor]>> = {
  exists: [EXIT.usage, FILE_TROUBLE.exists],
  'dangling-link': [EXIT.usage, (path, { link }) => FILE_TROUBLE.dangling(path, link!)],
  'foreign-link': [EXIT.other, (path, { link }) => FILE_TROUBLE.foreignLink(path, link!)],
  'foreign-fifo': [EXIT.other, FILE_TROUBLE.foreignFifo],
  'many-links': [EXIT.other, FILE_TROUBLE.manyLinks],
  'mount-point': [EXIT.other, FILE_TROUBLE.mountPoint],
  changed: [EXIT.other, FILE_TROUBLE.replacedWhileWritten],
  'is-folder': [EXIT.other, (path) => FILE_TROUBLE.isDirectory(path, 'Name a file in it.')],
  'folder-moved': [EXIT.other, FILE_TROUBLE.folderMoved],
  'name-not-durable': [EXIT.other, (path, _, error) => FILE_TROUBLE.nameNotDurable(path, reason(error))],
};

/** The error for a file that cannot be opened, written or named, with the name that the user gave. */
export function fileFailure(path: string, error: unknown): unknown {
  const known = fileFaultOf(error);
  if (known !== undefined) {
    const [status, words] = FAULTS[known.fault];
    return new CommandError(status, words(path, known, error), error);
  }
  return isSystemError(error)
    ? new CommandError(EXIT.other, FILE_TROUBLE.cannotWrite(path, reason(error)), error)
    : error;
}
