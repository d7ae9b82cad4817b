import { Writable } from 'node:stream';
import { optionsTypeError } from '../../../errors.js';
import { isBytes } from '../../../realms.js';
import { MAX_LINE } from '../../units/unit-limits.js';

const NEWLINE = 0x0a;
const HIGH_WATER_MARK = 65_536;

/** What a stream of lines writes to. */
export interface LineSink {
  /** Takes a line without its newline. @throws what the writer failed with */
  take(line: Uint8Array): void;
  /** Whether lines are to be held back. */
  isFull(): boolean;
  /** Calls back, once, when they are not any more, or when the writer failed. */
  onRoom(callback: (error?: Error | null) => void): void;
  flush(): Promise<void>;
  end(): Promise<unknown>;
  stop(error: Error): void;
}

/** A Writable of a log: what is written to it is cut into lines at every newline. */
export interface LogStream extends Writable {
  /**
   * Seals and writes the whole lines that were written to the stream before.
   *
   * @param callback called once they are durable (written, with another `fsync` than `flush`), or with the error
   */
  flush(callback?: (error?: Error | null) => void): void;
}

/** Cuts bytes into lines. A last line without its newline is one. */
export class LineStream extends Writable implements LogStream {
  readonly #sink: LineSink;
  #pieces: Uint8Array[] = [];
  #length = 0;
  /** Flushes behind what waits in the stream itself. */
  #flushes: (() => void)[] = [];

  constructor(sink: LineSink) {
    super({ highWaterMark: HIGH_WATER_MARK, decodeStrings: true });
    this.#sink = sink;
  }

  flush(callback: (error?: Error | null) => void = () => undefined): void {
    this.#flushes.push(() => void this.#sink.flush().then(() => callback(), callback));
    if (this.writableLength === 0 || this.destroyed) this.#flush();
  }

  override _write(chunk: Uint8Array, _encoding: string, callback: (error?: Error | null) => void): void {
    if (!isBytes(chunk)) {
      callback(optionsTypeError('A log takes bytes and strings'));
      return;
    }
    this.#take(chunk, 0, callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    try {
      if (this.#length > 0) this.#sink.take(this.#line(new Uint8Array(0)));
    } catch (error) {
      callback(error as Error);
      return;
    }
    this.#flush();
    this.#sink.end().then(() => callback(), callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (error !== null) this.#sink.stop(error);
    this.#flush();
    callback(error);
  }

  #take(chunk: Uint8Array, start: number, callback: (error?: Error | null) => void): void {
    let at = start;
    try {
      while (at < chunk.length) {
        if (this.#sink.isFull()) {
          const rest = at;
          this.#sink.onRoom((error) => (error ? callback(error) : this.#take(chunk, rest, callback)));
          return;
        }
        at = this.#next(chunk, at);
      }
    } catch (error) {
      callback(error as Error);
      return;
    }
    callback();
    if (this.writableLength === 0) this.#flush();
  }

  #flush(): void {
    for (const flush of this.#flushes.splice(0)) flush();
  }

  /** Takes the line, or the piece of one, that begins at a place. @returns where the next one begins */
  #next(chunk: Uint8Array, start: number): number {
    const end = chunk.indexOf(NEWLINE, start);
    const stop = end === -1 ? chunk.length : end;
    const room = MAX_LINE - this.#length;
    if (stop - start > room) {
      this.#sink.take(this.#line(chunk.subarray(start, start + room)));
      return start + room;
    }
    if (end !== -1) {
      this.#sink.take(this.#line(chunk.subarray(start, end)));
      return end + 1;
    }
    this.#pieces.push(Uint8Array.prototype.slice.call(chunk, start));
    this.#length += stop - start;
    return stop;
  }

  /** The line that ends with these bytes. */
  #line(rest: Uint8Array): Uint8Array {
    if (this.#length === 0) return rest;
    const line = Buffer.concat([...this.#pieces, rest]);
    this.#pieces = [];
    this.#length = 0;
    return line;
  }
}
