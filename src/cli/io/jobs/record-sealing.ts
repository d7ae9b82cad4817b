import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { EncryptStream, Recipient, StreamHeader } from '../../../index.js';
import type { SignalName } from '../../terminal/command-error.js';
import { Interrupted } from '../../terminal/command-error.js';
import { afterInput } from './after-input.js';
import { drained } from './draining.js';
import { SourcePieces } from './source-pieces.js';
import { flushEverySecond } from './steady-flush.js';

/** How a run ends after a signal. */
export interface RecordManner {
  /** Milliseconds for which the input is still read. */
  readonly grace: number;
  /** Whether the stream still gets a last frame. */
  readonly endOnSignal: boolean;
}

/** The input and output of a run. */
export interface RecordEnds {
  readonly source: Readable;
  readonly stream: EncryptStream;
  readonly sink: Writable;
}

/** The source of the plaintext. */
export interface RecordSource {
  /** Whether the end is known: a signal does not truncate a regular file. */
  readonly isFile: boolean;
  /** The program that writes it. */
  readonly program: { readonly succeeded: Promise<void>; tell(signal: SignalName): void } | undefined;
}

/** How long the end of a pipe waits for a signal that went to both its writer and us: the end may arrive first. */
const ECHO = 200;

/**
 * Seals a slow source in the record layout, for following readers. The first signal does not end it at once: input is
 * still read for a while and sealed. The stream then has no last frame, because the same signal may have stopped the
 * writer midway. It has none either if the program that wrote the input failed, whose output is sealed nevertheless.
 */
export class RecordSealing {
  readonly #ends: RecordEnds;
  readonly #from: RecordSource;
  readonly #manner: RecordManner;
  readonly #signal: AbortSignal | undefined;
  readonly #pieces: SourcePieces;
  readonly #stopped: Promise<void>;
  #interruptedBy: SignalName | undefined;
  #deadline: NodeJS.Timeout | undefined;

  constructor(ends: RecordEnds, from: RecordSource, manner: RecordManner, signal: AbortSignal | undefined) {
    this.#ends = ends;
    this.#from = from;
    this.#manner = manner;
    this.#signal = signal;
    this.#pieces = new SourcePieces(ends.source);
    this.#stopped = this.#pieces.stopped;
    ends.stream.once('close', () => this.#pieces.stop());
    flushEverySecond(ends.stream);
  }

  get header(): StreamHeader | undefined {
    return this.#ends.stream.header;
  }

  get recipient(): Recipient | undefined {
    return this.#ends.stream.recipient;
  }

  get bytesIn(): number {
    return this.#ends.stream.bytesIn;
  }

  get bytesOut(): number {
    return this.#ends.stream.bytesOut;
  }

  get interruptedBy(): SignalName | undefined {
    return this.#interruptedBy;
  }

  /** @returns how long it may continue; undefined while there is nothing to keep */
  readonly heed = (name: SignalName): number | undefined => {
    const { stream } = this.#ends;
    if (stream.header === undefined || stream.destroyed) return undefined;
    this.#interruptedBy = name;
    this.#from.program?.tell(name);
    // Done now, because a second signal may leave no time for it.
    void stream.flush();
    this.#deadline = afterInput(this.#manner.grace, () => this.#pieces.stop());
    return this.#manner.grace;
  };

  async run(): Promise<void> {
    const { stream, sink } = this.#ends;
    try {
      await pipeline(this.#plaintext(), stream, sink, { signal: this.#signal });
    } finally {
      clearTimeout(this.#deadline);
    }
  }

  async *#plaintext(): AsyncGenerator<Buffer, void> {
    yield* this.#pieces.all();
    const why = await this.#whyNotWhole();
    if (why === undefined) return;
    await this.#sealTheRest();
    throw why;
  }

  async #whyNotWhole(): Promise<unknown> {
    const failure = await this.#programFailure();
    if (!this.#from.isFile && this.#interruptedBy === undefined) {
      await new Promise<void>((resolve) => afterInput(ECHO, resolve));
    }
    if (this.#interruptedBy === undefined) return failure;
    return this.#manner.endOnSignal ? undefined : new Interrupted(this.#interruptedBy);
  }

  async #programFailure(): Promise<unknown> {
    try {
      await Promise.race([this.#from.program?.succeeded, this.#stopped]);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** Waits until all input has been sealed and written. */
  async #sealTheRest(): Promise<void> {
    const { stream, sink } = this.#ends;
    await stream.flush();
    await drained(stream, sink);
  }
}
