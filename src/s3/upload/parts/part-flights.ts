import { PartBuffers } from './part-buffers.js';

/**
 * Sends a sealed part. Its memory is free again once this has resolved. Before it rejects, it stops the session and
 * with that the filling of parts.
 */
export type SendPart = (number: number, bytes: Buffer) => Promise<void>;

/** The parts in flight, with their memory and that of the next part. */
export class PartFlights {
  readonly #concurrency: number;
  readonly #send: SendPart;
  readonly #buffers: PartBuffers;
  readonly #flights = new Set<Promise<void>>();

  constructor(concurrency: number, send: SendPart) {
    this.#concurrency = concurrency;
    this.#send = send;
    this.#buffers = new PartBuffers(concurrency);
  }

  /** Whether no more parts may be sent now. */
  get isFull(): boolean {
    return this.#flights.size >= this.#concurrency;
  }

  /** Memory for a part, or undefined while too much is in use. */
  take(size: number): Buffer | undefined {
    return this.#buffers.take(size);
  }

  /** Returns memory that was taken but is not sent. */
  giveBack(memory: Buffer): void {
    this.#buffers.give(memory);
  }

  /** Sends `bytes`, which are in `memory`. */
  launch(number: number, bytes: Buffer, memory: Buffer): void {
    const flight: Promise<void> = this.#send(number, bytes).then(
      () => {
        this.#flights.delete(flight);
        this.#buffers.give(memory);
      },
      () => void this.#flights.delete(flight),
    );
    this.#flights.add(flight);
  }

  /** Resolves when a part in flight has been stored or has failed; at once if none is in flight. Never rejects. */
  async oneLanded(): Promise<void> {
    if (this.#flights.size > 0) await Promise.race(this.#flights);
  }

  /** Resolves when another part may be sent. Never rejects. */
  async slot(): Promise<void> {
    while (this.isFull) await Promise.race(this.#flights);
  }

  /** Resolves when no part is in flight. Never rejects. */
  async landed(): Promise<void> {
    await Promise.allSettled(this.#flights);
  }
}
