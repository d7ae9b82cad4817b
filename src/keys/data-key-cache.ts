import { copyOf } from '../bytes.js';
import { wipe } from '../crypto/secret.js';
import type { KeyUsage } from './provider.js';

/** How long a data key may be kept and how much may be done with it: whole numbers from 1 on. */
export interface ReuseLimits {
  /** Milliseconds since the key was made or unwrapped. */
  readonly maxAge: number;
  /** Streams for one key, in each direction. */
  readonly maxStreams: number;
  /** Plaintext bytes sealed under one key, after which no further stream begins. */
  readonly maxBytes: number;
}

/** A data key with what belongs to it. */
export interface KeptKey<T> {
  readonly dataKey: Uint8Array;
  readonly detail: T;
}

interface Entry<T> extends KeptKey<T> {
  readonly born: number;
  streams: number;
  /** Plaintext bytes of the streams that have ended. */
  bytes: number;
  running: readonly KeyUsage[];
}

/** The longest delay that a timer takes. */
const MAX_DELAY = 2 ** 31 - 1;

/**
 * Data keys by name, each for as long as the limits allow. Holds copies of its own, which it wipes when they are used
 * up, too old (a timer sees to it, and keeps no process alive), pushed out by newer ones, or let go by `clear`.
 */
export class DataKeyCache<T> {
  readonly #limits: ReuseLimits;
  readonly #maxEntries: number;
  readonly #entries = new Map<string, Entry<T>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: ReuseLimits, maxEntries: number) {
    this.#limits = limits;
    this.#maxEntries = maxEntries;
  }

  /** Gives a copy of the data key for one more stream, if the limits allow one: the caller wipes it. */
  take(name: string, usage: KeyUsage | undefined): KeptKey<T> | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    if (!this.#allows(entry)) {
      this.#evict(name, entry);
      return undefined;
    }
    entry.streams += 1;
    if (usage !== undefined) entry.running = [...entry.running, usage];
    return { dataKey: copyOf(entry.dataKey), detail: entry.detail };
  }

  /** Keeps a copy of a data key that a first stream has been given. The oldest entry makes room. */
  put(name: string, { dataKey, detail }: KeptKey<T>, usage: KeyUsage | undefined): void {
    const before = this.#entries.get(name);
    if (before !== undefined) this.#evict(name, before);
    const [oldest] = this.#entries;
    if (oldest !== undefined && this.#entries.size >= this.#maxEntries) this.#evict(...oldest);
    this.#entries.set(name, {
      dataKey: copyOf(dataKey),
      detail,
      born: performance.now(),
      streams: 1,
      bytes: 0,
      running: usage === undefined ? [] : [usage],
    });
    this.#schedule();
  }

  /** Wipes every key. */
  clear(): void {
    for (const [name, entry] of this.#entries) this.#evict(name, entry);
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #allows(entry: Entry<T>): boolean {
    const { maxAge, maxStreams, maxBytes } = this.#limits;
    if (entry.streams >= maxStreams || performance.now() - entry.born >= maxAge) return false;
    entry.bytes += sum(entry.running.filter(({ ended }) => ended));
    entry.running = entry.running.filter(({ ended }) => !ended);
    return entry.bytes + sum(entry.running) < maxBytes;
  }

  #evict(name: string, entry: Entry<T>): void {
    wipe(entry.dataKey);
    this.#entries.delete(name);
  }

  #schedule(): void {
    const [oldest] = this.#entries.values();
    if (this.#timer !== undefined || oldest === undefined) return;
    const left = Math.ceil(oldest.born + this.#limits.maxAge - performance.now());
    // A timer may fire a little early: it is then armed again for what is left.
    const delay = Math.min(Math.max(left, 1), MAX_DELAY);
    this.#timer = setTimeout(() => this.#sweep(), delay).unref();
  }

  #sweep(): void {
    this.#timer = undefined;
    for (const [name, entry] of this.#entries) if (!this.#allows(entry)) this.#evict(name, entry);
    this.#schedule();
  }
}

function sum(usages: readonly KeyUsage[]): number {
  return usages.reduce((bytes, { plaintextBytes }) => bytes + plaintextBytes, 0);
}
