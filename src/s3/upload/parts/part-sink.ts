import { Writable } from 'node:stream';
import type { RunSealer } from '../../../blocks/run-sealer.js';
import { optionsTypeError } from '../../../errors.js';
import { assertLengthIsFixed } from '../../../frames/frame-errors.js';
import { isBytes } from '../../../realms.js';
import type { SealSession } from '../../../session/seal-session.js';
import { bytesOfText } from '../../../session/text-bytes.js';
import type { SendPart } from './part-flights.js';
import { PartFlights } from './part-flights.js';
import type { PartPlan } from './part-plan.js';
import { SourceClock } from './source-clock.js';

/** What a sink works with. */
export interface SinkTerms {
  readonly session: SealSession<RunSealer>;
  readonly preamble: Uint8Array;
  readonly plan: PartPlan;
  readonly concurrency: number;
  readonly send: SendPart;
  /** Hears that plaintext was taken. */
  readonly taken: () => void;
  /** Milliseconds without plaintext after which the source has failed; 0: it may be silent. */
  readonly sourceTimeout: number;
}

/** Strings and bytes that wait to be taken, each of them at most as long as the source makes them. */
const WAITING = 4;

/**
 * Seals plaintext straight into the memory of parts. A part is sent when it is full and more plaintext has come, so that
 * the last one, which gets the last frame, is still here at the end: `rest()`.
 */
export class PartSink extends Writable {
  readonly #terms: SinkTerms;
  readonly #sealer: RunSealer;
  readonly #clock: SourceClock;
  readonly #flights: PartFlights;
  #number = 0;
  #memory: Buffer | undefined;

  constructor(terms: SinkTerms) {
    super({ objectMode: true, highWaterMark: WAITING, decodeStrings: false });
    this.#terms = terms;
    this.#sealer = terms.session.frames!;
    this.#flights = new PartFlights(terms.concurrency, terms.send);
    this.#clock = new SourceClock(terms.sourceTimeout, (error) => void this.destroy(error));
    this.#next();
    this.#memory!.set(terms.preamble);
  }

  override _write(
    given: unknown,
    encoding: BufferEncoding | undefined,
    callback: (error?: Error | null) => void,
  ): void {
    this.#clock.stop();
    try {
      const bytes =
        typeof given === 'string' ? bytesOfText('Text of the body', given, encoding ?? 'utf8') : given;
      if (!isBytes(bytes)) throw optionsTypeError('`body` gave something that is neither bytes nor text');
      assertLengthIsFixed(bytes);
      this.#terms.session.take(bytes.length);
      this.#seal(bytes, 0, callback);
    } catch (error) {
      callback(error as Error);
    }
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#clock.end();
    callback(error);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#clock.end();
    callback();
  }

  /** The number and the bytes of the part that is not sent, once the last frame is sealed and it may fly. */
  async rest(): Promise<{ readonly number: number; readonly bytes: Buffer }> {
    await this.#flights.slot();
    const bytes = this.#memory!.subarray(0, this.#sealer.end);
    this.#terms.session.bytesOut += bytes.length;
    return { number: this.#number, bytes };
  }

  /** Resolves when no part is in flight. Never rejects. */
  landed(): Promise<void> {
    return this.#flights.landed();
  }

  #seal(bytes: Uint8Array, from: number, callback: (error?: Error | null) => void): void {
    let position = from;
    while (position < bytes.length) {
      if (this.#sealer.isFull && !this.#next()) {
        this.#whenFree(() => this.#seal(bytes, position, callback), callback);
        return;
      }
      position += this.#sealer.write(bytes, position);
    }
    this.#terms.taken();
    this.#clock.start();
    callback();
  }

  /**
   * Sends the part that is full, and begins the next one.
   *
   * @returns false if too many are in flight for that, or too much memory is in use
   */
  #next(): boolean {
    const { plan } = this.#terms;
    if (this.#memory !== undefined) {
      if (this.#flights.isFull) return false;
      this.#launch(this.#number, this.#memory);
      this.#memory = undefined;
    }
    const number = this.#number + 1;
    const memory = this.#flights.take(plan.capacity(number));
    if (memory === undefined) return false;
    this.#number = number;
    this.#memory = memory;
    this.#sealer.begin({ memory, start: plan.start(number), frames: plan.frames(number) });
    return true;
  }

  #launch(number: number, memory: Buffer): void {
    const bytes = memory.subarray(0, this.#sealer.end);
    this.#terms.session.bytesOut += bytes.length;
    this.#flights.launch(number, bytes, memory);
  }

  #whenFree(go: () => void, callback: (error?: Error | null) => void): void {
    this.#flights.freed().then(() => {
      if (this.destroyed) return;
      try {
        go();
      } catch (error) {
        callback(error as Error);
      }
    });
  }
}
