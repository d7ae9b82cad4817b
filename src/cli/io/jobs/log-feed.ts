import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { SignalListener } from '../../interruption.js';
import type { SignalName } from '../../terminal/command-error.js';
import { Interrupted } from '../../terminal/command-error.js';
import { SourcePieces } from './source-pieces.js';

/** For how long a signal lets the input be read on. */
const GRACE = 5_000;
/** For how long an archive may take to be sealed and closed after that: its writer gives up after 5 s of failures. */
const CLOSING = 7_000;

/** The part of a log writer that is fed. */
export interface FedWriter {
  readonly stream: Writable & { flush(): void };
  rotate(): Promise<void>;
}

/**
 * Feeds an input into a log archive. A signal that ends the command goes to the source as well, as a rule, and what it
 * still says is what people look for later: so it is read on to its end, for a while, and then sealed as usual.
 */
export class LogFeed {
  readonly #starting = new AbortController();
  #stream: FedWriter['stream'] | undefined;
  #writer: FedWriter | undefined;
  #pieces: SourcePieces | undefined;
  #interruptedBy: SignalName | undefined;
  #deadline: NodeJS.Timeout | undefined;
  readonly #drain: number;

  /** @param drain milliseconds for which the writer waits for uploads at its end */
  constructor(drain: number) {
    this.#drain = drain;
  }

  /** Aborted if a signal came, and the archive could not be opened in the time that is left then. */
  get signal(): AbortSignal {
    return this.#starting.signal;
  }

  /** Deals with the first signal. @returns for how long the command goes on, at most */
  readonly heed: SignalListener = (name) => {
    this.#interruptedBy = name;
    // A second signal may leave no time for it.
    this.#stream?.flush();
    this.#deadline = setTimeout(() => this.#stop(), GRACE);
    return GRACE + CLOSING + this.#drain;
  };

  /** Begins a new segment. What stands in the way of that is the writer's to deal with. */
  readonly rotate = (): void => {
    this.#writer?.rotate().catch(() => undefined);
  };

  /** The error in place of that of an abort. */
  failureOf(error: unknown): unknown {
    return this.signal.aborted ? new Interrupted(this.#interruptedBy!) : error;
  }

  /**
   * Gives the writer all that comes, and ends it. Whatever becomes of the source, what it gave is sealed.
   *
   * @returns what the source failed with, if it did
   * @throws (rejects) what the writer failed with
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
      // What Node has read ahead is gone from the pipe.
      const rest: Buffer | null = source.read();
      if (rest !== null) yield rest;
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
