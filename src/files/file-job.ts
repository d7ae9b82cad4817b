import { pipeline } from 'node:stream/promises';
import type { Recipient, StreamHeader } from '../format/stream-header.js';
import type { SealpipeStream } from '../streams/keyed-transform.js';
import type { ReadableFile, WritableFile } from './byte-file.js';
import { readFull, writeFull } from './byte-file.js';
import type { FileOptions, FileReport } from './file-options.js';
import { progressTeller } from './file-options.js';
import type { FileOutput } from './file-output.js';
import { openFileOutput } from './file-output.js';
import type { FileInput, FilePlace } from './file-place.js';
import { openFileInput } from './file-place.js';

/** One run over open files. */
export interface Transfer {
  readonly header: StreamHeader | undefined;
  readonly recipient: Recipient | undefined;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly framesOut: number;
}

/** The input and output of a run. */
export interface TransferFiles {
  readonly input: FileInput;
  readonly output: FileOutput;
  /** Writes to the output, and reports progress to the listener. */
  readonly sink: WritableFile;
}

/** Does a run, and passes it on as soon as it exists, for its counts. */
export type TransferWork = (files: TransferFiles, watch: (run: Transfer) => void) => Promise<void>;

const PIECE = 1_048_576;
const never = new AbortController().signal;
const uncounted = () => undefined;

/** Opens both files, does the work, and makes the output durable or leaves none. */
export async function transferFile(
  from: FilePlace,
  to: FilePlace,
  { overwrite = false, onProgress }: FileOptions,
  signal: AbortSignal | undefined,
  work: TransferWork,
): Promise<FileReport> {
  const since = performance.now();
  const input = await openFileInput(from);
  let output: FileOutput | undefined;
  let run: Transfer | undefined;
  try {
    output = await openFileOutput(to, { overwrite, source: input.stats, signal });
    const { file } = output;
    const total = input.stats.isFile() ? Number(input.stats.size) : undefined;
    const tell = progressTeller(onProgress, total, () => run!);
    const sink: WritableFile = {
      async writev(views) {
        const answer = await file.writev(views);
        if (run !== undefined) tell();
        return answer;
      },
      giveUp: (why) => file.giveUp?.(why),
    };
    await work({ input, output, sink }, (started) => {
      run = started;
    });
    await output.commit();
    return reportOf(run!, performance.now() - since);
  } catch (error) {
    await output?.discard();
    throw error;
  } finally {
    await input.close();
  }
}

/**
 * Sends a file through a stream. The record layout needs this, because its frames may end anywhere. When it has ended,
 * neither file is in use.
 */
export async function throughStream(
  source: ReadableFile,
  stream: SealpipeStream,
  sink: WritableFile,
  written: () => Promise<void>,
): Promise<void> {
  stream.once('error', (error) => {
    source.giveUp?.(error);
    sink.giveUp?.(error);
  });
  let reading: Promise<number> | undefined;
  let writing: Promise<void> | undefined;
  const read = (piece: Buffer) => (reading = readFull(source, [piece], never));
  const write = async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      await writeFull(sink, [chunk], never, uncounted);
      await written();
    }
  };
  try {
    await pipeline(pieces(read), stream, (chunks: AsyncIterable<Buffer>) => (writing = write(chunks)));
  } finally {
    // On Node 20 a pipeline that fails does not wait for them.
    await Promise.allSettled([reading, writing]);
  }
}

/** Every piece has separate memory, because a stream may hold it for a while. */
async function* pieces(read: (piece: Buffer) => Promise<number>): AsyncGenerator<Buffer, void> {
  for (;;) {
    const piece = Buffer.allocUnsafeSlow(PIECE);
    const length = await read(piece);
    if (length > 0) yield piece.subarray(0, length);
    if (length < PIECE) return;
  }
}

function reportOf(run: Transfer, milliseconds: number): FileReport {
  const { suite, layout, frameSize, recipients } = run.header!;
  const named = ({ provider, key }: Recipient) => ({ provider, key });
  return {
    suite,
    layout,
    frameSize,
    bytesIn: run.bytesIn,
    bytesOut: run.bytesOut,
    frames: run.framesOut,
    milliseconds: Math.round(milliseconds),
    recipients: recipients.map(named),
    recipient: named(run.recipient!),
  };
}
