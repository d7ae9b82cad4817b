import { BlockSealer } from '../blocks/block-sealer.js';
import { assertFixed } from '../blocks/frame-block.js';
import type { EncryptOptions } from '../session/encrypt-options.js';
import { encryptSettings } from '../session/encrypt-options.js';
import { SealSession } from '../session/seal-session.js';
import type { FileEnds, HeaderListener } from './file-run.js';
import { FileRun } from './file-run.js';

/** Seals the rest of one file into another, in the fixed layout. */
export class FileEncryption extends FileRun<BlockSealer> {
  readonly #onHeader: HeaderListener;
  protected override readonly ends: FileEnds;
  protected override readonly session: SealSession<BlockSealer>;

  /** @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS`, or TypeError `ERR_SEALPIPE_CONTEXT` */
  constructor(ends: FileEnds, options: EncryptOptions, onHeader: HeaderListener) {
    super();
    const settings = encryptSettings(options);
    assertFixed(settings.layout);
    this.ends = ends;
    this.#onHeader = onHeader;
    this.session = new SealSession(settings, (cipher, layout) => new BlockSealer(cipher, layout));
  }

  protected override async pass(): Promise<void> {
    const { session } = this;
    const { preamble, frames } = await session.begin();
    this.#onHeader(session.header!);
    const { frameSize } = session.settings;
    await this.rotate(this.ends.source, preamble, {
      frameSize,
      inputSize: frameSize,
      inputViews: ({ bodies }) => bodies,
      take: (length) => session.take(length),
      process: async (block, done, length, isLast, ready) => {
        if (isLast) {
          session.end();
          await session.confirm();
        }
        ready(frames.seal(block, length, isLast, done));
      },
    });
  }
}
