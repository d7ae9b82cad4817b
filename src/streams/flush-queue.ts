interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Flushes that travel among the writes of a stream as empty chunks, known by identity. */
export class FlushQueue {
  readonly #waiting = new Map<Uint8Array, Waiting>();

  /** Makes a marker to write, and the promise of its flush. A rejection that nobody looks at does no harm. */
  add(): { marker: Buffer; flushed: Promise<void> } {
    const marker = Buffer.alloc(0);
    const flushed = new Promise<void>((resolve, reject) => {
      this.#waiting.set(marker, { resolve, reject });
    });
    flushed.catch(() => undefined);
    return { marker, flushed };
  }

  /** Whether this chunk is a marker. */
  has(chunk: Uint8Array): boolean {
    return this.#waiting.size > 0 && this.#waiting.has(chunk);
  }

  /** The marker's flush has been done. */
  resolve(marker: Uint8Array): void {
    this.#waiting.get(marker)?.resolve();
    this.#waiting.delete(marker);
  }

  /** No flush will be done any more, for a reason that is asked for if one waits. */
  rejectAll(reason: () => unknown): void {
    if (this.#waiting.size === 0) return;
    const error = reason();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
