import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import type { Checkpoint } from '../../../logs/index.js';
import { isSystemError, reason } from '../../../system-error.js';
import type { GivenOptions } from '../../arguments/command-line.js';
import { CommandError, EXIT, misuse } from '../../terminal/command-error.js';
import { FILE_TROUBLE } from '../../terminal/messages/files/files.js';
import { LOGS_USAGE } from '../../terminal/messages/logs.js';

/** The most bytes of a file with a checkpoint, which itself has fewer than 400. */
const MAX_CHECKPOINT_BYTES = 65_536;

/** Reads the file of `--checkpoint`. @throws (rejects) CommandError with status 1, or 2 if it is not a checkpoint */
export async function checkpointOption(options: GivenOptions): Promise<Checkpoint | undefined> {
  const name = options.text('checkpoint');
  if (name === undefined) return undefined;
  let bytes: Buffer;
  try {
    // One more than allowed: the last byte that is read has the number of `end`.
    bytes = await buffer(createReadStream(name, { end: MAX_CHECKPOINT_BYTES }));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new CommandError(EXIT.other, FILE_TROUBLE.cannotRead(name, reason(error)), error);
  }
  if (bytes.length > MAX_CHECKPOINT_BYTES)
    throw misuse(LOGS_USAGE.longCheckpoint(name, MAX_CHECKPOINT_BYTES));
  const value = parsed(bytes.toString());
  if (typeof (value as Partial<Checkpoint> | null | undefined)?.archive === 'string')
    return value as Checkpoint;
  throw misuse(LOGS_USAGE.noCheckpoint(name));
}

/** The parsed JSON, whose members the library checks; undefined if it is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
