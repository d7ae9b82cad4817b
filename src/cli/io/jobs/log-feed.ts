import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { SignalListener } from '../../interruption.js';
import type { SignalName } from '../../terminal/command-error.js';
import { Interrupted } from '../../terminal/command-error.js';
import { afterInput } from './after-input.js';
import { SourcePieces } from './source-pieces.js';

/** How long the input is still read after a signal. */
const GRACE = 5_000;
/** How long sealing and closing an archive may take after that: its writer stops after 5 s of failures. */
const CLOSING = 7_000;

/** The part of a log writer that takes input. */
export interface FedWriter {
  readonly stream: Writable & { flush(): void };
  rotate(): Promise<void>;
}

/**
 * Feeds an input into a log archive. A signal usually reaches the source as well, and its last lines are often the
 * important ones. So the input is still read for a while, and then sealed as usual.
 */
export class LogFeed {
  readonly #starting = new AbortController();
  #stream: FedWriter['stream'] | undefined;
  #writer: FedWriter | undefined;
  #pieces: SourcePieces | undefined;
  #interruptedBy: SignalName | undefined;
  #deadline: NodeJS.Timeout | undefined;
  readonly #drain: number;

  /** @param drain milliseconds for which the ending writer waits for uploads */
  constructor(drain: number) {
    this.#drain = drain;
  }

  /** Aborted if the archive could not be opened in time after a signal. */
  get signal(): AbortSignal {
    return this.#starting.signal;
  }

  /** Handles the first signal. @returns how long the command may continue */
  readonly heed: SignalListener = (name) => {
    this.#interruptedBy = name;
    // Done now, because a second signal may leave no time for it.
    this.#stream?.flush();
    this.#deadline = afterInput(GRACE, () => this.#stop());
    return GRACE + CLOSING + this.#drain;
  };

  /** Begins a new segment. The writer handles failures. */
  readonly rotate = (): void => {
    this.#writer?.rotate().catch(() => undefined);
  };

  /** The error that replaces that of an abort. */
  failureOf(error: unknown): unknown {
    return this.signal.aborted ? new Interrupted(this.#interruptedBy!) : error;
  }

  /**
   * Writes all input, and ends the writer. Input is sealed even if the source fails later.
   *
   * @returns the error of the source, if any
   * @throws (rejects) the error of the writer
   */
  async run(source: Readable, writer: FedWriter): Promise<unknown> {
    const pieces = new SourcePieces(source);
    const { stream } = writer;
    this.#writer = writer;
    this.#stream = stream;
    this.#pieces = pieces;
    stream.once('close', () => pieces.stop());
    let failure: unknown;
    async function* all(): AsyncGenerator<Buffer, void> {
      try {
        yield* pieces.all();
      } catch (error) {
        failure = error;
      }
      yield* readAhead(source);
    }
    try {
      await pipeline(all(), stream);
      return failure;
    } finally {
      this.#writer = undefined;
      clearTimeout(this.#deadline);
    }
  }

  #stop(): void {
    if (this.#pieces === undefined) this.#starting.abort(this.#interruptedBy);
    else this.#pieces.stop();
  }
}

/** What Node has read ahead, which is not in the pipe any more. Since Node 26, each read gives one chunk of it. */
function readAhead(source: Readable): Buffer[] {
  const chunks: Buffer[] = [];
  // No more than that: a source may always have another chunk.
  for (let left = source.readableLength; left > 0; ) {
    const chunk: Buffer | null = source.read();
    if (chunk === null) break;
    chunks.push(chunk);
    left -= chunk.length;
  }
  return chunks;
}
