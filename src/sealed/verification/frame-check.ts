import type { Hash } from 'node:crypto';
import type { StreamHeader } from '../../format/stream-header.js';
import { WORD_SIZE } from '../../frames/layout.js';
import type { Frames } from '../../session/session.js';
import { plaintextGuard } from '../../session/setup/open-setup.js';
import type { FaultPlace } from '../../stream-fault.js';
import { TAG_SIZE } from '../../suites.js';

/** Frames that are opened in order to be checked: nobody gets their plaintext. */
export class FrameCheck<F extends Frames = Frames> implements Frames {
  readonly opener: F;
  readonly header: StreamHeader;
  readonly #digest: Hash | undefined;
  readonly #assertMayHold: (plaintext: Uint8Array) => void;
  #plaintextBytes = 0;
  #isRefused = false;

  /** @param make makes what opens the frames and hands their plaintext over */
  constructor(
    header: StreamHeader,
    digest: Hash | undefined,
    make: (emit: (plaintext: Uint8Array) => void) => F,
  ) {
    this.header = header;
    this.#digest = digest;
    this.#assertMayHold = plaintextGuard(header, () => undefined);
    this.opener = make(this.emit);
  }

  /** Frames that verified. */
  get frames(): number {
    return this.#isRefused ? 0 : this.opener.frames;
  }

  /** Bytes of plaintext in them. */
  get plaintextBytes(): number {
    return this.#plaintextBytes;
  }

  /** Behind the frames that verified, if they were opened in their order. */
  get place(): FaultPlace {
    const { preambleSize, layout } = this.header;
    const overhead = layout === 'record' ? WORD_SIZE + TAG_SIZE : TAG_SIZE;
    return { frame: this.frames, offset: preambleSize + this.#plaintextBytes + this.frames * overhead };
  }

  /** Takes verified plaintext, which stays its owner's. */
  readonly emit = (plaintext: Uint8Array): void => {
    this.#isRefused = true;
    this.#assertMayHold(plaintext);
    this.#isRefused = false;
    this.#plaintextBytes += plaintext.length;
    this.#digest?.update(plaintext);
  };

  wipe(): void {
    this.opener.wipe();
  }
}
