import { unlessAborted } from '../abort.js';
import { BlockSealer } from '../blocks/block-sealer.js';
import { assertFixed } from '../blocks/frame-block.js';
import type { EncryptOptions, EncryptSettings } from '../session/encrypt-options.js';
import { encryptSettings } from '../session/encrypt-options.js';
import { setUpSeal } from '../session/seal-setup.js';
import { assertNotOver, assertWhole, confirmed } from '../session/whole.js';
import type { FileEnds, HeaderListener } from './file-run.js';
import { FileRun } from './file-run.js';

/** Seals what is left of one file into another, in the fixed layout. */
export class FileEncryption extends FileRun {
  readonly #ends: FileEnds;
  readonly #settings: EncryptSettings;
  readonly #usage = { plaintextBytes: 0, ended: false };
  readonly #confirmation: Promise<void> | undefined;
  #sealer: BlockSealer | undefined;

  /** @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS`, or TypeError `ERR_SEALPIPE_CONTEXT` */
  constructor(ends: FileEnds, options: EncryptOptions, onHeader: HeaderListener) {
    const settings = encryptSettings(options);
    super('encrypt', settings.signal, onHeader);
    assertFixed(settings.layout);
    this.#ends = ends;
    this.#settings = settings;
    if (typeof settings.confirm === 'object') {
      // Asked once: a thenable may begin its work when it is asked.
      this.#confirmation = confirmed(settings.confirm);
      // An early rejection stops the run, and is never an unhandled one.
      this.#confirmation.catch((error) => this.fail(error));
    }
  }

  get framesOut(): number {
    return this.#sealer?.frames ?? 0;
  }

  protected override async pass(): Promise<void> {
    const setup = await setUpSeal(this.#settings, this.#usage, this.stop);
    const { header, preamble, cipher, layout, service } = setup;
    const sealer = new BlockSealer(cipher, layout);
    this.#sealer = sealer;
    this.announce(header, service);
    await this.relay(this.#ends, preamble, {
      frameSize: layout.frameSize,
      room: ({ bodies }) => bodies,
      turn: async (block, length, isLast, ready) => {
        this.#take(length);
        if (isLast) await this.#mayEnd();
        ready(sealer.seal(block, length, isLast));
      },
    });
  }

  protected override wipe(): void {
    this.#usage.ended = true;
    this.#sealer?.wipe();
  }

  #take(length: number): void {
    this.taken += length;
    this.#usage.plaintextBytes = this.taken;
    assertNotOver(this.taken, this.#settings.expectedLength);
  }

  /** Withholds the last frame from plaintext that may not be the whole. */
  async #mayEnd(): Promise<void> {
    const { expectedLength, confirm } = this.#settings;
    assertWhole(this.taken, expectedLength);
    if (confirm !== undefined) await unlessAborted(this.#confirmation ?? confirmed(confirm), this.stop);
  }
}
