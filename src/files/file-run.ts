import { onAbort } from '../abort.js';
import type { BlockWork, Transport } from '../blocks/block-rotation.js';
import { rotateBlocks } from '../blocks/block-rotation.js';
import type { PieceTransport, PieceWork } from '../blocks/piece-rotation.js';
import { rotatePieces } from '../blocks/piece-rotation.js';
import type { Recipient, StreamHeader } from '../format/stream-header.js';
import type { Frames, Session } from '../session/session.js';
import type { ReadableFile, WritableFile } from './byte-file.js';
import { readFull, writeFull } from './byte-file.js';

/** The input and output of a run. */
export interface FileEnds {
  readonly source: ReadableFile;
  readonly sink: WritableFile;
}

/** Called with the header once the keys are known, before the first byte is written. */
export type HeaderListener = (header: StreamHeader) => void;

/**
 * Does the work of a stream from file to file: the same bytes, errors and reports, without a stream. Closes neither
 * file. When `run` settles, nothing is in flight, and keys and plaintext are wiped.
 */
export abstract class FileRun<F extends Frames> {
  protected abstract readonly ends: FileEnds;
  protected abstract readonly session: Session<F>;

  /** The content of the preamble; set from the listener's call on. */
  get header(): StreamHeader | undefined {
    return this.session.header;
  }

  /** The recipient that opened the file, or that was made first; set from the listener's call on. */
  get recipient(): Recipient | undefined {
    return this.session.recipient;
  }

  /** Bytes taken so far. */
  get bytesIn(): number {
    return this.session.bytesIn;
  }

  /** Bytes written so far. */
  get bytesOut(): number {
    return this.session.bytesOut;
  }

  /** Whole frames sealed or opened so far. */
  get framesOut(): number {
    return this.session.framesOut;
  }

  /**
   * Runs once.
   *
   * @throws (rejects) the errors of the stream of the same direction; the error of a file
   */
  async run(): Promise<void> {
    const { ends, session } = this;
    const { stopped } = session;
    // A file that waits for another process stops waiting when the session ends.
    const heard = onAbort(stopped, () => {
      ends.source.giveUp?.(stopped.reason);
      ends.sink.giveUp?.(stopped.reason);
    });
    try {
      await session.run(() => this.pass());
    } finally {
      heard();
    }
  }

  protected abstract pass(): Promise<void>;

  /**
   * Sends the rest of the source through `work`, after `first`: a pipe piece by piece, anything else in whole blocks.
   */
  protected rotate(source: ReadableFile, first: Uint8Array, work: PieceWork): Promise<void> {
    const { session } = this;
    const { sink } = this.ends;
    const stop = session.stopped;
    const count = (bytes: number): void => {
      session.bytesOut += bytes;
    };
    const write = (views: readonly Uint8Array[]) => writeFull(sink, views, stop, count);
    if (source.pipe === undefined) {
      const transport: Transport = { read: (views) => readFull(source, views, stop), write };
      return rotateBlocks(wholeBlocks(work), transport, first, stop);
    }
    const transport: PieceTransport = {
      ...source.pipe,
      read: async (views) => (await source.readv(views)).bytesRead,
      write,
      failed: (error) => session.stop(error as Error),
    };
    return rotatePieces(work, transport, first, stop);
  }
}

function wholeBlocks({ frameSize, inputViews, take, process }: PieceWork): BlockWork {
  return {
    frameSize,
    inputViews,
    process(block, length, isLast, ready) {
      take(length);
      return process(block, 0, length, isLast, ready);
    },
  };
}
