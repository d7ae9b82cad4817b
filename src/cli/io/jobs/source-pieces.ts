import type { Readable } from 'node:stream';

/** The pieces of a stream, until they are not wanted any more: a read that never returns blocks nothing. */
export class SourcePieces {
  readonly #source: Readable;
  readonly stopped: Promise<void>;
  #resolveStopped!: () => void;
  #isStopped = false;
  #wake: () => void = () => undefined;

  constructor(source: Readable) {
    this.#source = source;
    this.stopped = new Promise((resolve) => {
      this.#resolveStopped = resolve;
    });
    for (const event of ['readable', 'end', 'error', 'close']) source.on(event, () => this.#wake());
  }

  /** Ends `all`. */
  stop(): void {
    this.#isStopped = true;
    this.#resolveStopped();
    this.#wake();
  }

  /** @throws the error of the source */
  async *all(): AsyncGenerator<Buffer, void> {
    const source = this.#source;
    while (!this.#isStopped) {
      const piece: Buffer | null = source.read();
      if (piece !== null) {
        yield piece;
        continue;
      }
      if (source.errored) throw source.errored;
      if (source.readableEnded) return;
      if (source.destroyed) throw closedEarly();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

function closedEarly(): Error {
  return Object.assign(new Error('The source was closed before its end'), {
    code: 'ERR_STREAM_PREMATURE_CLOSE',
  });
}
