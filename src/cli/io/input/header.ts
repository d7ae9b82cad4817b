import type { Readable } from 'node:stream';
import { onAbort } from '../../../abort.js';
import { NOTHING } from '../../../bytes.js';
import type { ReadableFile } from '../../../files/byte-file.js';
import { readHead } from '../../../files/file-head.js';
import type { StreamHeader } from '../../../index.js';
import { readHeader } from '../../../index.js';
import { isSystemError, reason } from '../../../system-error.js';
import { CommandError, EXIT } from '../../terminal/command-error.js';
import { FILE_TROUBLE } from '../../terminal/messages/files/files.js';
import type { Input } from './input.js';

/** The header of an input, and the bytes read for it. */
export interface ReadHeader {
  readonly header: StreamHeader;
  /** The bytes to put back before the input is read further. For an input that is a stream, that has been done. */
  readonly bytes: Uint8Array;
}

/** Reads the header of an input, which can then be decrypted. Stops when `signal` is aborted. */
export async function readInputHeader(input: Input, signal: AbortSignal): Promise<ReadHeader> {
  try {
    return await (input.file === undefined
      ? fromStream(input.stream(), signal)
      : fromFile(input.file, signal));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new CommandError(EXIT.other, FILE_TROUBLE.cannotRead(input.name, reason(error)), error);
  }
}

async function fromFile(file: ReadableFile, signal: AbortSignal): Promise<ReadHeader> {
  const heard = onAbort(signal, () => file.giveUp?.(signal.reason));
  try {
    const { preamble, bytes } = await readHead(file, signal);
    return { header: preamble.header, bytes };
  } finally {
    heard();
  }
}

async function fromStream(stream: Readable, signal: AbortSignal): Promise<ReadHeader> {
  const stop = () => void stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return { header: await readHeader(stream), bytes: NOTHING };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
