import { Duplex } from 'node:stream';
import { SealpipeError } from '../../errors.js';
import type { LogStream } from '../writer/lines/log-stream.js';
import type { RunningWriter } from '../writer/running-writer.js';
import { threadError } from './thread-error.js';

type Callback = (error?: Error | null) => void;

/** The stream that the transport of `sealpipe/pino` returns to pino. */
export interface PinoTransport extends Duplex {
  /**
   * Seals and writes the lines that were written to the stream before this call. pino calls it for
   * `logger.flush(callback)`.
   *
   * @param callback called once they are durable (only written, if `fsync` is not `flush`), or with the error
   */
  flush(callback?: (error?: Error | null) => void): void;
}

/** The most milliseconds for which lines may be held back. */
const LONGEST_HOLD = 60_000;
/** How many checks are made in that time. */
const LOOKS = 12;

const UNTAKEN = 'The transport was destroyed before it took these lines';

/**
 * Writes lines into an archive. If somebody reads this stream when the first chunk arrives, like a pipeline does, each
 * chunk is passed on unchanged once the archive has accepted it.
 */
export class TransportStream extends Duplex implements PinoTransport {
  readonly #writer: RunningWriter;
  readonly #lines: LogStream;
  readonly #release: () => Promise<void>;
  readonly #longestHold: number;
  readonly #watch: NodeJS.Timeout;
  #passesOn: boolean | undefined;
  /** The current chunk, its time of arrival, and its callback. */
  #chunk: unknown;
  #encoding: BufferEncoding = 'utf8';
  #since = Number.POSITIVE_INFINITY;
  #taken: Callback | undefined;
  /** The callback after the chunk was passed on, while the reader's buffer is full. */
  #passedOn: Callback | undefined;
  /** Flushes that wait for data in the buffer of the stream. */
  readonly #flushes: Callback[] = [];
  /** The reason why lines were not taken. */
  #untaken: Error | undefined;

  /**
   * @param release closes the keys of the writer
   * @param longestHold milliseconds
   */
  constructor(writer: RunningWriter, release: () => Promise<void>, longestHold = LONGEST_HOLD) {
    super({ decodeStrings: false });
    this.#writer = writer;
    this.#lines = writer.stream;
    this.#release = release;
    this.#longestHold = longestHold;
    this.#lines.on('error', (error) => this.destroy(threadError(error)));
    this.#watch = setInterval(() => this.#look(), longestHold / LOOKS).unref();
  }

  // It needs a parameter: thread-stream checks how many it has.
  flush(callback?: Callback): void {
    this.#flushes.push((error) => callback?.(error));
    if (this.writableLength === 0 || this.destroyed) this.#flush();
  }

  override _write(chunk: unknown, encoding: BufferEncoding, callback: Callback): void {
    this.#passesOn ??= this.#isRead;
    this.#chunk = chunk;
    this.#encoding = encoding;
    this.#since = performance.now();
    this.#taken = callback;
    this.#lines.write(chunk, encoding, this.#onTaken);
  }

  override _read(): void {
    const callback = this.#passedOn;
    this.#passedOn = undefined;
    if (callback !== undefined) this.#goOn(callback);
  }

  override _final(callback: Callback): void {
    this.#passesOn ??= this.#isRead;
    this.#lines.end((error?: Error | null) => {
      if (error) {
        callback(threadError(error));
        return;
      }
      this.push(null);
      // Nothing else ends the readable side.
      if (!this.#passesOn) this.resume();
      void this.#release().then(() => callback());
    });
  }

  /** Seals the lines that the archive has accepted, whatever ended the stream. */
  override _destroy(error: Error | null, callback: Callback): void {
    clearInterval(this.#watch);
    this.#chunk = undefined;
    if (this.writableLength > 0) this.#untaken = error ?? new Error(UNTAKEN);
    this.#flush();
    const done = () => void this.#release().then(() => callback(error));
    this.#writer.end().then(done, done);
  }

  /** Whether somebody has begun to read. */
  get #isRead(): boolean {
    return this.readableFlowing !== null || this.listenerCount('readable') > 0;
  }

  readonly #onTaken = (error?: Error | null): void => {
    const callback = this.#taken!;
    const chunk = this.#chunk;
    this.#chunk = undefined;
    this.#since = Number.POSITIVE_INFINITY;
    if (error) callback(threadError(this.#lines.errored ?? error));
    else if (!this.#passesOn || this.push(chunk, this.#encoding)) this.#goOn(callback);
    else this.#passedOn = callback;
  };

  /** Finishes a chunk. */
  #goOn(callback: Callback): void {
    callback();
    if (this.writableLength === 0) this.#flush();
  }

  #flush(): void {
    for (const done of this.#flushes.splice(0)) {
      if (this.#untaken !== undefined) done(this.#untaken);
      else this.#lines.flush((error) => done(error ? threadError(error) : undefined));
    }
  }

  #look(): void {
    if (performance.now() - this.#since < this.#longestHold) return;
    const { trouble } = this.#writer;
    const why = trouble === undefined ? '' : `: ${threadError(trouble).message}`;
    const message = `For ${this.#longestHold / 1_000} s the log archive has had no room for a line${why}`;
    this.destroy(threadError(new SealpipeError('ERR_SEALPIPE_LIMIT', message)));
  }
}
