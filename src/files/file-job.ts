import { pipeline } from 'node:stream/promises';
import type { SealpipeStream } from '../streams/keyed-transform.js';
import type { ReadableFile, WritableFile } from './byte-file.js';
import { readFull, writeFull } from './byte-file.js';
import type { FileOptions, FileReport, ReportedRun } from './file-options.js';
import { fileReport, progressTeller } from './file-options.js';
import type { FileOutput } from './file-output.js';
import { openFileOutput } from './file-output.js';
import type { FileInput, FilePlace } from './file-place.js';
import { openFileInput } from './file-place.js';

/** The input and output of a run. */
export interface JobFiles {
  readonly input: FileInput;
  readonly output: FileOutput;
  /** Writes to the output, and reports progress to the listener. */
  readonly sink: WritableFile;
}

/** Does a run, and passes it on as soon as it exists, for its counts. */
export type JobWork = (files: JobFiles, watch: (run: ReportedRun) => void) => Promise<void>;

const PIECE = 1_048_576;
const never = new AbortController().signal;
const uncounted = () => undefined;

/** Opens both files, does the work, and makes the output durable or leaves none. */
export async function runFileJob(
  from: FilePlace,
  to: FilePlace,
  { overwrite = false, onProgress }: FileOptions,
  signal: AbortSignal | undefined,
  work: JobWork,
): Promise<FileReport> {
  const since = performance.now();
  const input = await openFileInput(from);
  let output: FileOutput | undefined;
  let run: ReportedRun | undefined;
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
    return fileReport(run!, performance.now() - since);
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
