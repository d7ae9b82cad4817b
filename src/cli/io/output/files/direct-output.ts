import { isatty } from 'node:tty';
import { isFileOrDevice } from '../../../../files/descriptor-file.js';
import { openFound } from '../../../../files/replace-file/open-target.js';
import type { OutputTarget } from '../../../../files/replace-file/output-target.js';
import { isSystemError, reason } from '../../../../system-error.js';
import type { Message } from '../../../terminal/command-error.js';
import { CommandError, EXIT, misuse } from '../../../terminal/command-error.js';
import { FILE_TROUBLE } from '../../../terminal/messages/files/files.js';
import { pipeOutput } from '../../descriptors/own-pipe.js';
import type { Output } from '../output.js';
import { closable } from './output-handle.js';

/** A device, a FIFO or the like, written directly: nothing is created, emptied or renamed. */
export async function openDirect(
  path: string,
  notForTerminal: Message | undefined,
  target: OutputTarget,
): Promise<Output> {
  const handle = await openFound(path, target);
  const opened = await handle.stat({ bigint: true });
  if (notForTerminal !== undefined && isatty(handle.fd)) {
    await handle.close();
    throw misuse(notForTerminal);
  }
  const file = isFileOrDevice(opened, handle.fd) ? handle : undefined;
  const pipe = pipeOutput(handle.fd);
  const { stream, close: closeHandle } = closable(handle);
  const close = () => {
    pipe.close();
    return closeHandle();
  };
  return {
    name: path,
    get file() {
      return file ?? pipe.end;
    },
    stream,
    isSeenAtOnce: true,
    stays: true,
    async commit() {
      try {
        await close();
      } catch (error) {
        if (!isSystemError(error)) throw error;
        throw new CommandError(EXIT.other, FILE_TROUBLE.cannotWrite(path, reason(error)), error);
      }
    },
    discard: () => close().catch(() => undefined),
  };
}
