import { throwIfAborted, unlessAborted } from '../abort.js';
import { wipe } from '../bytes.js';
import type { EncryptSettings } from './encrypt-options.js';
import type { Frames, MakeFrames } from './session.js';
import { Session } from './session.js';
import type { ResumedSetup } from './setup/resume-setup.js';
import { setUpResume } from './setup/resume-setup.js';
import { setUpSeal } from './setup/seal-setup.js';
import { assertNotOver, assertNotUnder, confirmed } from './whole.js';

/** One stream that is sealed: `begin`, then `take` for every plaintext, `end`, `confirm`, the last frame, `complete`. */
export class SealSession<F extends Frames> extends Session<F> {
  readonly settings: EncryptSettings;
  readonly #usage = { plaintextBytes: 0, ended: false };
  readonly #confirmation: Promise<void> | undefined;

  constructor(settings: EncryptSettings, makeFrames: MakeFrames<F>, onStop?: (error: Error) => void) {
    super('encrypt', settings.signal, makeFrames, onStop);
    this.settings = settings;
    if (typeof settings.confirm === 'object') {
      // Called once: a thenable may begin its work when `then` is called.
      this.#confirmation = confirmed(settings.confirm);
      // An early rejection stops the session at once and is never unhandled.
      this.#confirmation.catch((error) => this.interrupt(error));
    }
  }

  /**
   * Has the data key generated and wrapped.
   *
   * @returns the preamble, in its own memory, and the frames that follow it
   * @throws (rejects) the error of a key call; the session's first error
   */
  async begin(): Promise<{ preamble: Uint8Array; frames: F }> {
    const setup = await setUpSeal(this.settings, this.#usage, this.stopped);
    return { preamble: setup.preamble, frames: this.unlocked(setup) };
  }

  /**
   * The same, with the key of claims, so that another session can resume the stream (FORMAT 5).
   *
   * @returns the claim key as well: the caller wipes it
   */
  async beginResumable(): Promise<{ preamble: Uint8Array; claimKey: Buffer }> {
    const setup = await setUpSeal(this.settings, this.#usage, this.stopped, true);
    return { preamble: setup.preamble, claimKey: this.#claimed({ ...setup, claimKey: setup.claimKey! }) };
  }

  /**
   * Resumes a stream that another session began, by its preamble. FORMAT 5 says when frames may be sealed again.
   *
   * @returns the claim key: the caller wipes it
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_CHANGED` if the stream does not match these settings; the errors of
   * opening a stream; the session's first error
   */
  async resume(preamble: Uint8Array): Promise<Buffer> {
    return this.#claimed(await setUpResume(preamble, this.settings, this.stopped));
  }

  #claimed(setup: ResumedSetup): Buffer {
    try {
      this.unlocked(setup);
      return setup.claimKey;
    } catch (error) {
      wipe(setup.claimKey);
      throw error;
    }
  }

  /** Counts plaintext before it is sealed. @throws SealpipeError `ERR_SEALPIPE_LENGTH` if more came than was expected */
  take(length: number): void {
    this.bytesIn += length;
    this.#usage.plaintextBytes = this.bytesIn;
    assertNotOver(this.bytesIn, this.settings.expectedLength);
  }

  /** Ends the plaintext. @throws SealpipeError `ERR_SEALPIPE_LENGTH` if less came than was expected */
  end(): void {
    assertNotUnder(this.bytesIn, this.settings.expectedLength);
    this.#usage.ended = true;
  }

  /**
   * Waits until the caller confirms that the plaintext is whole: the last frame must not be sealed before that.
   *
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_CONFIRM`; the session's first error
   */
  async confirm(): Promise<void> {
    const { confirm } = this.settings;
    throwIfAborted(this.stopped);
    if (confirm !== undefined) await unlessAborted(this.#confirmation ?? confirmed(confirm), this.stopped);
    throwIfAborted(this.stopped);
  }

  protected override wipe(): void {
    this.#usage.ended = true;
    super.wipe();
  }
}
