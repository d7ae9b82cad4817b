import { abortError } from '../abort.js';
import type { Work } from '../blocks/block-rotation.js';
import { relay } from '../blocks/block-rotation.js';
import type { StreamHeader } from '../format/stream-header.js';
import type { Direction, Service } from '../session/diagnostics.js';
import { StreamReport } from '../session/diagnostics.js';
import type { ReadableFile, WritableFile } from './byte-file.js';
import { readFull, writeFull } from './byte-file.js';

/** Where the bytes come from, and where they go. */
export interface FileEnds {
  readonly source: ReadableFile;
  readonly sink: WritableFile;
}

/** Hears of the header once the keys are there, before the first byte is written. */
export type HeaderListener = (header: StreamHeader) => void;

/**
 * The work of a stream done from file to file: the same bytes, errors and reports, with no stream between them.
 * Neither file is closed. When `run` settles nothing is in flight any more, and keys and plaintext are wiped.
 */
export abstract class FileRun {
  readonly #signal: AbortSignal | undefined;
  readonly #onHeader: HeaderListener;
  readonly #report: StreamReport;
  readonly #stopping = new AbortController();
  #header: StreamHeader | undefined;
  #bytesOut = 0;
  protected taken = 0;

  constructor(direction: Direction, signal: AbortSignal | undefined, onHeader: HeaderListener) {
    this.#signal = signal;
    this.#onHeader = onHeader;
    this.#report = new StreamReport(direction);
  }

  /** What the preamble says; there from the listener's call on. */
  get header(): StreamHeader | undefined {
    return this.#header;
  }

  /** Bytes taken so far. */
  get bytesIn(): number {
    return this.taken;
  }

  /** Bytes written so far. */
  get bytesOut(): number {
    return this.#bytesOut;
  }

  /** Whole frames sealed or opened so far. */
  abstract get framesOut(): number;

  /**
   * Does it all, once.
   *
   * @throws (rejects) what the stream of the same direction would fail with; the error of a file
   */
  async run(): Promise<void> {
    try {
      if (this.#signal?.aborted) throw abortError(this.#signal);
      this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
      await this.pass();
      this.#report.end(this.#counts());
    } catch (error) {
      const first: unknown = this.stop.aborted ? this.stop.reason : error;
      this.#report.error(first, this.#counts());
      throw first;
    } finally {
      this.#signal?.removeEventListener('abort', this.#onAbort);
      this.wipe();
    }
  }

  /** Aborted with the error of the run: every step looks at it, and key calls are given up. */
  protected get stop(): AbortSignal {
    return this.#stopping.signal;
  }

  protected abstract pass(): Promise<void>;

  /** Wipes every key. */
  protected abstract wipe(): void;

  /** Stops the run at its next step. Of several errors the first one stands. */
  protected fail(error: unknown): void {
    this.#stopping.abort(error);
  }

  /** The keys are there. */
  protected announce(header: StreamHeader, service: Service): void {
    this.#header = header;
    this.#report.start(header, service);
    this.#onHeader(header);
  }

  /** Sends what is left of the source through `work`, behind `first`. */
  protected relay({ source, sink }: FileEnds, first: Uint8Array, work: Work): Promise<void> {
    const { stop } = this;
    const count = (bytes: number): void => {
      this.#bytesOut += bytes;
    };
    const transport = {
      read: (views: readonly Uint8Array[]) => readFull(source, views, stop),
      write: (views: readonly Uint8Array[]) => writeFull(sink, views, stop, count),
    };
    return relay(work, transport, first, stop);
  }

  #counts(): { bytesIn: number; bytesOut: number; frames: number } {
    return { bytesIn: this.bytesIn, bytesOut: this.bytesOut, frames: this.framesOut };
  }

  readonly #onAbort = (): void => {
    this.fail(abortError(this.#signal!));
  };
}
