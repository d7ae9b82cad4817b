import { onAbort, throwIfAborted } from '../../../abort.js';
import { ownMemory, wipe } from '../../../bytes.js';
import type { ReadablePipe } from '../../../files/byte-file.js';
import type { PartFiller } from './part-filler.js';
import type { Plaintext, PourTerms } from './plaintext.js';
import { SourceClock } from './source-clock.js';

/** Plaintext from a pipe. Each read takes all bytes in the pipe, into one block. The caller closes the pipe. */
export class PipePlaintext implements Plaintext {
  readonly #pipe: ReadablePipe;
  readonly length = undefined;

  constructor(pipe: ReadablePipe) {
    this.#pipe = pipe;
  }

  async pour(filler: PartFiller, { stop, sourceTimeout, failed }: PourTerms): Promise<void> {
    const { holds, packet } = this.#pipe.pipe;
    const block = ownMemory(Math.max(holds, packet));
    const clock = new SourceClock(sourceTimeout, failed);
    // A read may wait for a silent writer, but not after the session was stopped.
    const heard = onAbort(stop, () => this.#pipe.giveUp(stop.reason));
    try {
      for (;;) {
        clock.start();
        const { bytesRead } = await this.#pipe.readv([block]);
        clock.stop();
        throwIfAborted(stop);
        if (bytesRead === 0) return;
        const bytes = block.subarray(0, bytesRead);
        filler.take(bytes);
        for (let at = filler.seal(bytes, 0); at < bytesRead; at = filler.seal(bytes, at)) await filler.room();
      }
    } finally {
      heard();
      clock.end();
      wipe(block);
    }
  }

  /** Nothing to release: the pipe is the caller's. */
  discard(): void {}
}
