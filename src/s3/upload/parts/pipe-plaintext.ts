import { onAbort, throwIfAborted } from '../../../abort.js';
import { ownMemory, wipe } from '../../../bytes.js';
import type { ReadablePipe } from '../../../files/byte-file.js';
import type { PartFiller } from './part-filler.js';
import type { Plaintext, PourTerms } from './plaintext.js';
import { SourceClock } from './source-clock.js';

/** What a pipe gives: all that it holds is read at once, into one block. Whoever has opened the pipe closes it. */
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
    // A read that waits for a silent writer waits no longer than the session goes on.
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

  /** Nothing of it is held before it is poured. */
  discard(): void {}
}
