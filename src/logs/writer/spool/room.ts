import type { SealpipeError } from '../../../errors.js';
import {
  full,
  HIGH_WATER,
  LOW_WATER,
  lineSize,
  MOST_PENDING,
  sizeWithoutRoom,
  spoolFull,
} from '../lines/pending-limit.js';
import type { Spool } from './spool.js';

type Callback = (error?: Error | null) => void;

/** The inputs of {@link Room}. */
export interface RoomTerms {
  readonly onFull: 'block' | 'drop';
  /** Bytes of lines that are not written yet. */
  pending(): number;
  readonly spool: Spool | undefined;
  /** Ends the open segment so that it can be stored, which makes room. */
  relieve(): void;
}

/** Decides whether a writer takes more lines, and calls back when it does. */
export class Room {
  readonly #terms: RoomTerms;
  #waiting: Callback[] = [];
  #failure: Error | undefined;

  constructor(terms: RoomTerms) {
    this.#terms = terms;
  }

  /** Whether to pause a source. */
  get isFull(): boolean {
    const { onFull, spool, pending } = this.#terms;
    return onFull === 'block' && (pending() >= HIGH_WATER || spool?.isFull === true);
  }

  /** Whether there is room for a number of bytes. */
  has(bytes: number): boolean {
    const { spool, pending } = this.#terms;
    return spool?.isFull !== true && pending() + bytes <= MOST_PENDING;
  }

  /**
   * The size of a line for which there is no room; undefined if there is room.
   *
   * @throws SealpipeError `ERR_SEALPIPE_LIMIT` for a line that is too long for any archive
   */
  sizeOver(line: string | Uint8Array): number | undefined {
    if (this.#terms.spool?.isFull !== true) return sizeWithoutRoom(line, this.#terms.pending());
    this.#relieve();
    return lineSize(line);
  }

  /** The error for a line for which there is no room. @param trouble why lines are not written */
  refusal(trouble: unknown): SealpipeError {
    const { spool } = this.#terms;
    return spool?.isFull ? spoolFull(spool.bytes, spool.trouble ?? trouble) : full(trouble);
  }

  /** Calls back once, when there is room or when there will be no more. */
  wait(callback: Callback): void {
    if (this.#failure !== undefined) callback(this.#failure);
    else this.#waiting.push(callback);
    this.#relieve();
  }

  /** Something was written or stored. */
  moved(): void {
    const { pending, spool } = this.#terms;
    if (this.#waiting.length === 0) return;
    if (spool?.isFull) this.#relieve();
    else if (pending() <= LOW_WATER) for (const callback of this.#waiting.splice(0)) callback();
  }

  /** There will be no more room. */
  fail(error: Error): void {
    this.#failure = error;
    for (const callback of this.#waiting.splice(0)) callback(error);
  }

  #relieve(): void {
    if (this.#terms.spool?.isStuck) this.#terms.relieve();
  }
}
