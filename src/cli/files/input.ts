import type { BigIntStats } from 'node:fs';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { isSystemError, reason } from '../say/explain.js';
import { EXIT, Failure } from '../say/failure.js';
import { TROUBLE } from '../say/words.js';
import type { FileIdentity } from './identity.js';
import { identityOf, statsOf } from './identity.js';

/** What a command reads. */
export interface Input {
  /** What messages call it. */
  readonly name: string;
  readonly stream: Readable;
  readonly isTerminal: boolean;
  /** Bytes, of a regular file. */
  readonly size: number | undefined;
  readonly identity: FileIdentity | undefined;
}

/** Bytes read from a file at once. */
export const READ_SIZE = 1_048_576;
const STANDARD_INPUT = 0;

/** Opens FILE, or standard input for `-` and where no FILE was given. */
export async function openInput(operand: string | undefined): Promise<Input> {
  if (operand === undefined || operand === '-') return standardInput();
  try {
    const handle = await open(operand, 'r');
    const stats = await handle.stat({ bigint: true });
    if (stats.isDirectory()) {
      await handle.close();
      throw new Failure(EXIT.other, TROUBLE.isDirectory(operand));
    }
    const stream = handle.createReadStream({ highWaterMark: READ_SIZE });
    return { name: operand, stream, isTerminal: false, ...described(stats) };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Failure(EXIT.other, TROUBLE.cannotRead(operand, reason(error)), error);
  }
}

async function standardInput(): Promise<Input> {
  const name = 'standard input';
  const stats = await statsOf(STANDARD_INPUT);
  if (stats.isDirectory()) throw new Failure(EXIT.other, TROUBLE.isDirectory(name));
  const stream = stats.isFile()
    ? createReadStream('', { fd: STANDARD_INPUT, autoClose: false, highWaterMark: READ_SIZE })
    : process.stdin;
  return { name, stream, isTerminal: process.stdin.isTTY === true, ...described(stats) };
}

function described(stats: BigIntStats): Pick<Input, 'size' | 'identity'> {
  return { size: stats.isFile() ? Number(stats.size) : undefined, identity: identityOf(stats) };
}
