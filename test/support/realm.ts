import { createContext, runInContext } from 'node:vm';

const realm = createContext({});

/** Bytes whose class is that of another realm. */
export function foreignBytes(bytes: Uint8Array): Uint8Array {
  const foreign = runInContext(`new Uint8Array(${bytes.length})`, realm) as Uint8Array;
  foreign.set(bytes);
  return foreign;
}

/** An error of another realm, with the given properties. */
export function foreignError(message: string, properties: object = {}): Error {
  const make = runInContext('(message) => new Error(message)', realm) as (message: string) => Error;
  return Object.assign(make(message), properties);
}

/** An AbortController as a test environment brings it: no class of Node's is among its own. */
export class StandInController {
  readonly signal = new StandInSignal();

  abort(reason: unknown = new Error('aborted')): void {
    this.signal.stop(reason);
  }
}

class StandInSignal {
  aborted = false;
  reason: unknown;
  readonly #listeners = new Set<() => void>();

  addEventListener(_type: string, listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: string, listener: () => void): void {
    this.#listeners.delete(listener);
  }

  /** How many listen: none may be left when a call is over. */
  get listening(): number {
    return this.#listeners.size;
  }

  /** Aborts. An abort comes once, and those who were told of it are let go. */
  stop(reason: unknown): void {
    this.aborted = true;
    this.reason = reason;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }
}
