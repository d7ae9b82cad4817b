import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { SealpipeStream } from '../../streams/keyed-transform.js';
import { isSystemError, reason } from '../say/explain.js';
import { EXIT, Failure } from '../say/failure.js';
import { Progress } from '../say/progress.js';
import { TROUBLE } from '../say/words.js';
import type { Session } from '../session.js';
import type { Output } from './output.js';

/** One run of bytes through a stream. */
export interface Transfer {
  readonly source: Readable;
  /** What messages call the source. */
  readonly sourceName: string;
  /** Bytes that the source will give, where that is known. */
  readonly total: number | undefined;
  readonly stream: SealpipeStream;
  readonly output: Output;
}

const WRITES = new Set(['write', 'writev', 'ftruncate', 'fsync']);

/** Sends everything from the source through the stream into the output. @returns milliseconds that it took */
export async function transfer(
  { source, sourceName, total, stream, output }: Transfer,
  { voice, signal }: Session,
): Promise<number> {
  const progress = new Progress(voice, () => stream.bytesIn, total);
  try {
    await pipeline(source, stream, output.stream, { signal });
    return progress.elapsed;
  } catch (error) {
    throw isSystemError(error) ? attributed(error, sourceName, output) : error;
  } finally {
    progress.end();
  }
}

/** A failed read or write says which file it was. A reader of standard output that has enough is not a failure. */
function attributed(error: NodeJS.ErrnoException, sourceName: string, output: Output): unknown {
  if (error.code === 'EPIPE' && output.name === 'standard output') return error;
  const words = WRITES.has(error.syscall ?? '')
    ? TROUBLE.cannotWrite(output.name, reason(error))
    : TROUBLE.cannotRead(sourceName, reason(error));
  return new Failure(EXIT.other, words, error);
}
