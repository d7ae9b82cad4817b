interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Flushes, queued among the writes of a stream as empty chunks that are recognised by identity. */
export class FlushQueue {
  readonly #waiting = new Map<Uint8Array, Waiting>();

  /** Creates a marker to write, and the promise of its flush. An ignored rejection does not count as unhandled. */
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

  /** Called when the marker's flush is done. */
  resolve(marker: Uint8Array): void {
    this.#waiting.get(marker)?.resolve();
    this.#waiting.delete(marker);
  }

  /** Rejects all waiting flushes. `reason` is called only if there are any. */
  rejectAll(reason: () => unknown): void {
    if (this.#waiting.size === 0) return;
    const error = reason();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
