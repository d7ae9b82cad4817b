import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { isatty } from 'node:tty';
import type { Words } from '../say/failure.js';
import { misuse } from '../say/failure.js';
import { closed } from './closing.js';
import type { Output } from './output.js';
import { WRITE_BUFFER } from './output.js';

/** A device, a FIFO or the like: what is written there is there, and nothing is made, emptied or renamed. */
export async function openDirect(path: string, notForTerminal: Words | undefined): Promise<Output> {
  const handle = await open(path, constants.O_WRONLY | (constants.O_NOCTTY ?? 0));
  if (notForTerminal !== undefined && isatty(handle.fd)) {
    await handle.close();
    throw misuse(notForTerminal);
  }
  const stream = handle.createWriteStream({ autoClose: false, highWaterMark: WRITE_BUFFER });
  const end = () => closed(stream);
  return { name: path, stream, isSeenAtOnce: true, commit: end, discard: end };
}
