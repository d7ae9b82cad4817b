import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { isatty } from 'node:tty';
import { isSystemError, reason } from '../../exit-status.js';
import type { Message } from '../../terminal/command-error.js';
import { CommandError, EXIT, misuse } from '../../terminal/command-error.js';
import { TROUBLE } from '../../terminal/messages.js';
import { isFileOrDevice } from '../descriptors/descriptor.js';
import type { Output } from './output.js';
import { closable } from './output-handle.js';
import type { OutputTarget } from './output-target.js';

const FLAGS = constants.O_WRONLY | (constants.O_NOCTTY ?? 0);

/** A device, a FIFO or the like: what is written there is there, and nothing is made, emptied or renamed. */
export async function openDirect(
  path: string,
  notForTerminal: Message | undefined,
  target: OutputTarget,
): Promise<Output> {
  const { folder, name, found, isDescriptor } = target;
  const handle = await open(folder.at(name), isDescriptor ? FLAGS : FLAGS | (constants.O_NOFOLLOW ?? 0));
  const opened = await handle.stat({ bigint: true });
  if (found === undefined || !isSame(opened, found)) {
    await handle.close();
    throw new CommandError(EXIT.other, TROUBLE.changedMeanwhile(path));
  }
  if (notForTerminal !== undefined && isatty(handle.fd)) {
    await handle.close();
    throw misuse(notForTerminal);
  }
  const { stream, close } = closable(handle);
  return {
    name: path,
    file: isFileOrDevice(opened, handle.fd) ? handle : undefined,
    stream,
    isSeenAtOnce: true,
    stays: true,
    async commit() {
      try {
        await close();
      } catch (error) {
        if (!isSystemError(error)) throw error;
        throw new CommandError(EXIT.other, TROUBLE.cannotWrite(path, reason(error)), error);
      }
    },
    discard: () => close().catch(() => undefined),
  };
}

/** The number of a file that was removed may be that of the next one, which may be of another kind. */
function isSame(a: BigIntStats, b: BigIntStats): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.rdev === b.rdev && kind(a) === kind(b);
}

function kind({ mode }: BigIntStats): bigint {
  return mode & BigInt(constants.S_IFMT);
}
