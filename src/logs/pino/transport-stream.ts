import { Duplex } from 'node:stream';
import { SealpipeError } from '../../errors.js';
import type { LogStream } from '../writer/lines/log-stream.js';
import type { RunningWriter } from '../writer/running-writer.js';
import { threadError } from './thread-error.js';

type Callback = (error?: Error | null) => void;

/** What the transport of `sealpipe/pino` gives to pino. */
export interface PinoTransport extends Duplex {
  /**
   * Seals and writes the lines that were written to the stream before. pino calls it for `logger.flush(callback)`.
   *
   * @param callback called once they are durable (written, with another `fsync` than `flush`), or with the error
   */
  flush(callback?: (error?: Error | null) => void): void;
}

/** Milliseconds for which lines may find no room. */
const LONGEST_HOLD = 60_000;
/** Of them, how many looks there are at it. */
const LOOKS = 12;

const UNTAKEN = 'The transport was destroyed before it took these lines';

/**
 * Lines into an archive. If somebody reads this stream when the first chunk comes, as a pipeline does, each chunk is
 * passed on unchanged once the archive has taken it.
 */
export class TransportStream extends Duplex implements PinoTransport {
  readonly #writer: RunningWriter;
  readonly #lines: LogStream;
  readonly #release: () => Promise<void>;
  readonly #longestHold: number;
  readonly #watch: NodeJS.Timeout;
  #passesOn: boolean | undefined;
  /** The chunk that is being taken, since when, and whom to tell. */
  #chunk: unknown;
  #encoding: BufferEncoding = 'utf8';
  #since = Number.POSITIVE_INFINITY;
  #taken: Callback | undefined;
  /** The same, once the chunk is passed on to a reader that wants no more for now. */
  #passedOn: Callback | undefined;
  /** Flushes behind what waits in the stream itself. */
  readonly #flushes: Callback[] = [];

  /**
   * @param release closes what the writer was opened with
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

  // thread-stream asks how many parameters it has.
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
      // Nobody else lets the readable side end.
      if (!this.#passesOn) this.resume();
      void this.#release().then(() => callback());
    });
  }

  /** What the archive has taken is sealed, whatever ended the stream. */
  override _destroy(error: Error | null, callback: Callback): void {
    clearInterval(this.#watch);
    this.#chunk = undefined;
    for (const flushed of this.#flushes.splice(0)) flushed(error ?? new Error(UNTAKEN));
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

  /** A chunk is done with. */
  #goOn(callback: Callback): void {
    callback();
    if (this.writableLength === 0) this.#flush();
  }

  #flush(): void {
    for (const done of this.#flushes.splice(0)) {
      this.#lines.flush((error) => done(error ? threadError(error) : undefined));
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
