import type { Hash } from 'node:crypto';
import type { StreamHeader } from '../../format/stream-header.js';
import { WORD_SIZE } from '../../frames/layout.js';
import type { Frames } from '../../session/session.js';
import { plaintextGuard } from '../../session/setup/open-setup.js';
import type { FaultPlace } from '../../stream-fault.js';
import { TAG_SIZE } from '../../suites.js';

/** Opens frames only to check them; their plaintext goes nowhere. */
export class FrameCheck<F extends Frames = Frames> implements Frames {
  readonly opener: F;
  readonly header: StreamHeader;
  readonly #digest: Hash | undefined;
  readonly #assertMayHold: (plaintext: Uint8Array) => void;
  #plaintextBytes = 0;
  #isRefused = false;

  /** @param make creates the opener, which hands over the plaintext */
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

  /** The number of frames that verified. */
  get frames(): number {
    return this.#isRefused ? 0 : this.opener.frames;
  }

  /** The number of plaintext bytes in them. */
  get plaintextBytes(): number {
    return this.#plaintextBytes;
  }

  /** The place after the frames that verified, if they were opened in order. */
  get place(): FaultPlace {
    const { preambleSize, layout } = this.header;
    const overhead = layout === 'record' ? WORD_SIZE + TAG_SIZE : TAG_SIZE;
    return { frame: this.frames, offset: preambleSize + this.#plaintextBytes + this.frames * overhead };
  }

  /** Receives verified plaintext, which still belongs to the caller. */
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
