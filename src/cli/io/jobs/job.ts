import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FileDecryption } from '../../../files/file-decryption.js';
import { FileEncryption } from '../../../files/file-encryption.js';
import { PutBack } from '../../../files/file-head.js';
import type {
  DecryptOptions,
  EncryptOptions,
  Recipient,
  SealpipeStream,
  StreamHeader,
} from '../../../index.js';
import { createDecryptStream, createEncryptStream } from '../../../index.js';
import type { SignalListener } from '../../interruption.js';
import type { SignalName } from '../../terminal/command-error.js';
import type { ReadHeader } from '../input/header.js';
import type { Input } from '../input/input.js';
import type { Output } from '../output/output.js';
import { Program } from '../program/program.js';
import { drained } from './draining.js';
import type { RecordManner } from './record-sealing.js';
import { RecordSealing } from './record-sealing.js';
import { SourcePieces } from './source-pieces.js';

/** One run of bytes through a cipher. */
export interface Job {
  readonly header: StreamHeader | undefined;
  /** Like that of a stream. */
  readonly recipient: Recipient | undefined;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** The signal that has ended it early but cleanly, if any. */
  readonly interruptedBy?: SignalName | undefined;
  /** Handles the first signal; absent if the job is aborted. */
  readonly heed?: SignalListener;
  /** Runs the job, once. */
  run(): Promise<void>;
}

/**
 * The job that seals an input or the output of a program: from file to file if both ends are files or devices. The
 * record layout, for slow sources, needs the stream's `flush()`.
 *
 * @param onHeader called once the keys are known; only then is a program started, since its work would be lost without
 * them
 * @param manner only for the record layout
 */
export async function sealing(
  from: Input | Program,
  output: Output,
  options: EncryptOptions,
  onHeader: (header: StreamHeader) => void,
  manner?: RecordManner,
): Promise<Job> {
  const isProgram = from instanceof Program;
  if (!isProgram && manner === undefined && from.file !== undefined && output.file !== undefined) {
    return new FileEncryption({ source: from.file, sink: output.file }, options, onHeader);
  }
  const stream = createEncryptStream(options).once('header', onHeader);
  const over = (source: Readable): Job => {
    if (manner === undefined) return throughStream(source, stream, output.stream(), options.signal);
    const origin = {
      isFile: !isProgram && from.size !== undefined,
      program: isProgram ? from : undefined,
    };
    return new RecordSealing({ source, stream, sink: output.stream() }, origin, manner, options.signal);
  };
  if (!isProgram) return over(from.stream());
  // A program may fail before anything else listens to the stream.
  stream.on('error', () => undefined);
  await once(stream, 'header');
  const source = await from.start();
  if (stream.errored) throw stream.errored;
  return over(source);
}

/** The job that opens an input whose header was read: from file to file in the same cases. */
export function opening(
  from: Input,
  { header, bytes }: ReadHeader,
  output: Output,
  options: DecryptOptions,
  onHeader: (header: StreamHeader) => void,
): Job {
  if (header.layout === 'fixed' && from.file !== undefined && output.file !== undefined) {
    return new FileDecryption(
      { source: new PutBack(bytes, from.file), sink: output.file },
      options,
      onHeader,
    );
  }
  const source = from.stream();
  const stream = createDecryptStream(options).once('header', onHeader);
  const preamble = bytes.subarray(0, header.preambleSize);
  source.unshift(bytes.subarray(preamble.length));
  return jobOf(stream, async () => {
    if (preamble.length > 0) {
      // The keys first: reading the head of a file once more still needs the sink, which a pipeline would destroy.
      stream.write(preamble);
      await once(stream, 'header');
    }
    const sink = output.stream();
    await pipeline(drainedAtEnd(source, stream, sink), stream, sink, { signal: options.signal });
  });
}

/**
 * The end of a truncated stream is an error, and an error drops everything that is still buffered. So all verified
 * plaintext is written before the end is reported.
 */
async function* drainedAtEnd(
  source: Readable,
  stream: SealpipeStream,
  sink: Writable,
): AsyncGenerator<Buffer, void> {
  const pieces = new SourcePieces(source);
  stream.once('close', () => pieces.stop());
  yield* pieces.all();
  await drained(stream, sink);
}

function throughStream(
  source: Readable,
  stream: SealpipeStream,
  sink: Writable,
  signal: AbortSignal | undefined,
): Job {
  return jobOf(stream, () => pipeline(source, stream, sink, { signal }));
}

/** A job that counts what a stream counts. */
export function jobOf(
  stream: Pick<SealpipeStream, 'header' | 'recipient' | 'bytesIn' | 'bytesOut'>,
  run: () => Promise<void>,
): Job {
  return {
    get header() {
      return stream.header;
    },
    get recipient() {
      return stream.recipient;
    },
    get bytesIn() {
      return stream.bytesIn;
    },
    get bytesOut() {
      return stream.bytesOut;
    },
    run,
  };
}
