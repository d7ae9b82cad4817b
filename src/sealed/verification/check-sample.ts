import { randomInt } from 'node:crypto';
import { ownMemory, wipe } from '../../bytes.js';
import { notAuthentic } from '../../frames/frame-errors.js';
import type { RandomOpener } from '../../frames/openers/random-opener.js';
import { FramePositions } from '../../frames/positions.js';
import type { FaultPlace } from '../../stream-fault.js';
import type { CheckTerms } from './check-all.js';
import type { FrameCheck } from './frame-check.js';

/** How many frames are fetched at once. */
const AT_ONCE = 4;

/** Opens a sample of the frames of the fixed layout: the last one, and others chosen at random. */
export class SampleCheck {
  readonly #check: FrameCheck<RandomOpener>;
  readonly #terms: CheckTerms;
  readonly #positions: FramePositions;
  readonly #frame: Buffer;
  #index = 0;

  constructor(check: FrameCheck<RandomOpener>, terms: CheckTerms) {
    this.#check = check;
    this.#terms = terms;
    this.#positions = new FramePositions(check.header);
    this.#frame = ownMemory(check.header.frameSize);
  }

  /** The frame that is being checked. */
  get place(): FaultPlace {
    return { frame: this.#index, offset: this.#positions.start(this.#index) };
  }

  /** @throws (rejects) the error of a decrypt stream for a checked frame; the error of the source */
  async run(percent: number): Promise<void> {
    const { size, source, stop, progress } = this.#terms;
    this.#index = this.#positions.openable(size);
    const last = this.#positions.last(size);
    this.#give(this.#check.opener.openLast(last.index, await source.read(last.start, last.end, stop)));
    const fetched: { readonly index: number; readonly sealed: Promise<Uint8Array> }[] = [];
    try {
      for (const index of sampleOf(last.index, percent)) {
        const sealed = source.read(this.#positions.start(index), this.#positions.start(index + 1), stop);
        sealed.catch(() => undefined);
        fetched.push({ index, sealed });
        if (fetched.length < AT_ONCE) continue;
        await this.#open(fetched.shift()!);
        progress.tell(this.#positions.start(this.#index + 1), this.#check.plaintextBytes);
      }
      while (fetched.length > 0) await this.#open(fetched.shift()!);
    } finally {
      await Promise.allSettled(fetched.map(({ sealed }) => sealed));
      wipe(this.#frame);
    }
  }

  async #open({ index, sealed }: { index: number; sealed: Promise<Uint8Array> }): Promise<void> {
    this.#index = index;
    if (this.#check.opener.openRun(index, await sealed, this.#frame, 0) === 0) throw notAuthentic();
    this.#give(this.#frame);
  }

  #give(plaintext: Buffer): void {
    try {
      if (plaintext.length > 0) this.#check.emit(plaintext);
    } finally {
      wipe(plaintext);
    }
  }
}

/** Chooses a percentage of frames 0 to `count` - 1, spread evenly, each at random among its neighbours. */
export function* sampleOf(count: number, percent: number): Generator<number, void, void> {
  const stride = 100 / percent;
  for (let from = 0, next = 1; from < count; next++) {
    const to = Math.min(count, Math.floor(next * stride));
    yield randomInt(from, to);
    from = to;
  }
}
