import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { isatty } from 'node:tty';
import { isSystemError, reason } from '../say/explain.js';
import type { Words } from '../say/failure.js';
import { EXIT, Failure, misuse } from '../say/failure.js';
import { TROUBLE } from '../say/words.js';
import { closable } from './closing.js';
import { isFileOrDevice } from './descriptor.js';
import type { Output } from './output.js';

/** A device, a FIFO or the like: what is written there is there, and nothing is made, emptied or renamed. */
export async function openDirect(path: string, notForTerminal: Words | undefined): Promise<Output> {
  const handle = await open(path, constants.O_WRONLY | (constants.O_NOCTTY ?? 0));
  if (notForTerminal !== undefined && isatty(handle.fd)) {
    await handle.close();
    throw misuse(notForTerminal);
  }
  const { stream, close } = closable(handle);
  return {
    name: path,
    file: isFileOrDevice(await handle.stat({ bigint: true }), handle.fd) ? handle : undefined,
    stream,
    isSeenAtOnce: true,
    async commit() {
      try {
        await close();
      } catch (error) {
        if (!isSystemError(error)) throw error;
        throw new Failure(EXIT.other, TROUBLE.cannotWrite(path, reason(error)), error);
      }
    },
    discard: () => close().catch(() => undefined),
  };
}
