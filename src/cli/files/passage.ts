import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FileDecryption } from '../../files/file-decryption.js';
import { FileEncryption } from '../../files/file-encryption.js';
import { PutBack } from '../../files/file-head.js';
import type { HeaderListener } from '../../files/file-run.js';
import type { StreamHeader } from '../../format/stream-header.js';
import type { DecryptOptions } from '../../streams/decrypt-options.js';
import { createDecryptStream } from '../../streams/decrypt-stream.js';
import type { EncryptOptions } from '../../streams/encrypt-options.js';
import { createEncryptStream } from '../../streams/encrypt-stream.js';
import type { SealpipeStream } from '../../streams/keyed-transform.js';
import type { ReadHeader } from './header.js';
import type { Input } from './input.js';
import type { Output } from './output.js';
import { Program } from './program.js';
import { flushEverySecond } from './steady-flush.js';

/** One run of bytes through a cipher. */
export interface Passage {
  readonly header: StreamHeader | undefined;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Sends everything, once. */
  run(): Promise<void>;
}

/**
 * How an input, or what a program writes, is sealed: from file to file where both ends are files or devices. The record
 * layout, which is there for what comes little by little, needs the stream's `flush()`.
 *
 * @param onHeader is called once the keys are there; only then a program is started: without them, its work would be
 * for nothing
 */
export async function sealing(
  from: Input | Program,
  output: Output,
  options: EncryptOptions,
  onHeader: HeaderListener,
): Promise<Passage> {
  const isProgram = from instanceof Program;
  const isRecord = options.layout === 'record';
  if (!isProgram && !isRecord && from.file !== undefined && output.file !== undefined) {
    return new FileEncryption({ source: from.file, sink: output.file }, options, onHeader);
  }
  const stream = createEncryptStream(options).once('header', onHeader);
  if (isRecord) flushEverySecond(stream);
  if (!isProgram) return throughStream(from.stream(), stream, output, options.signal);
  // A program may fail before the stream has anybody else to tell.
  stream.on('error', () => undefined);
  await once(stream, 'header');
  const source = await from.start();
  if (stream.errored) throw stream.errored;
  return throughStream(source, stream, output, options.signal);
}

/** How an input is opened whose header was read: from file to file in the same cases. */
export function opening(
  from: Input,
  { header, bytes }: ReadHeader,
  output: Output,
  options: DecryptOptions,
  onHeader: HeaderListener,
): Passage {
  if (header.layout === 'fixed' && from.file !== undefined && output.file !== undefined) {
    return new FileDecryption(
      { source: new PutBack(bytes, from.file), sink: output.file },
      options,
      onHeader,
    );
  }
  const source = from.stream();
  source.unshift(bytes);
  return throughStream(source, createDecryptStream(options).once('header', onHeader), output, options.signal);
}

function throughStream(
  source: Readable,
  stream: SealpipeStream,
  output: Output,
  signal: AbortSignal | undefined,
): Passage {
  return {
    get header() {
      return stream.header;
    },
    get bytesIn() {
      return stream.bytesIn;
    },
    get bytesOut() {
      return stream.bytesOut;
    },
    run: () => pipeline(source, stream, output.stream(), { signal }),
  };
}
