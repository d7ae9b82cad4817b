import type { PipeSizes, ReadableFile, WritableFile } from '../../src/files/byte-file.js';

/** How a file behaves; unless told it gives and takes all that it is asked for. */
export interface Behaviour {
  /** The most bytes of an operation, one after the other and over again. */
  readonly most?: readonly number[];
  /** The operation, counted from 0, that fails with `error`. */
  readonly failsAt?: number;
  readonly error?: unknown;
  /** Called when an operation begins, with its number. */
  readonly onBegin?: (operation: number) => void;
  /** Makes it a pipe, where pieces of up to a packet are packets: what a read has no room for is lost. */
  readonly pipe?: PipeSizes;
  /** What every operation waits for before it touches memory. */
  readonly ready?: () => Promise<void>;
}

/**
 * A file in memory that touches the views it is given at the very end of an operation, as late as a system may: whoever
 * reuses them too early shows.
 */
export class MemoryFile implements ReadableFile, WritableFile {
  /** Where operations put or find bytes. */
  readonly memory = new Set<ArrayBufferLike>();
  readonly #behaviour: Behaviour;
  readonly #written: Buffer[] = [];
  #rest: Uint8Array;
  #operations = 0;
  #inFlight = 0;

  constructor(content: Uint8Array = new Uint8Array(0), behaviour: Behaviour = {}) {
    this.#rest = content;
    this.#behaviour = behaviour;
  }

  /** Operations begun so far. */
  get operations(): number {
    return this.#operations;
  }

  get pipe(): PipeSizes | undefined {
    return this.#behaviour.pipe;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** All that was written. */
  get written(): Buffer {
    return Buffer.concat(this.#written);
  }

  /** What was not read. */
  get rest(): Uint8Array {
    return this.#rest;
  }

  async readv(views: readonly Uint8Array[]): Promise<{ bytesRead: number }> {
    let most = await this.#begin(views);
    const room = views.reduce((sum, { length }) => sum + length, 0);
    const rest = this.#rest.subarray(Math.min(most, this.#rest.length));
    let bytesRead = 0;
    for (const view of views) {
      const piece = this.#rest.subarray(0, Math.min(view.length, most));
      view.set(piece);
      this.#rest = this.#rest.subarray(piece.length);
      most -= piece.length;
      bytesRead += piece.length;
    }
    if (room < most && most <= (this.pipe?.packet ?? 0)) this.#rest = rest;
    this.#inFlight -= 1;
    return { bytesRead };
  }

  async writev(views: readonly Uint8Array[]): Promise<{ bytesWritten: number }> {
    const most = await this.#begin(views);
    const taken = Buffer.concat(views).subarray(0, most);
    this.#written.push(taken);
    this.#inFlight -= 1;
    return { bytesWritten: taken.length };
  }

  async #begin(views: readonly Uint8Array[]): Promise<number> {
    if (this.#inFlight > 0) throw new Error('two operations at once: their order is not defined');
    if (views.every(({ length }) => length === 0)) throw new Error('an operation without bytes');
    const operation = this.#operations++;
    const { most, failsAt, error, onBegin, ready } = this.#behaviour;
    this.#inFlight += 1;
    for (const view of views) this.memory.add(view.buffer);
    onBegin?.(operation);
    await (ready?.() ?? new Promise((resolve) => setImmediate(resolve)));
    if (operation === failsAt) {
      this.#inFlight -= 1;
      throw error;
    }
    return most?.[operation % most.length] ?? Number.POSITIVE_INFINITY;
  }
}

/** An error as the system gives it. */
export function systemError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${code}: as a test wants it, ${syscall}`), { code, syscall });
}
