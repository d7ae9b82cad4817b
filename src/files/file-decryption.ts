import { BlockOpener } from '../blocks/block-opener.js';
import { assertFixed } from '../blocks/frame-block.js';
import { NOTHING } from '../bytes.js';
import type { DecryptOptions } from '../session/decrypt-options.js';
import { decryptSettings } from '../session/decrypt-options.js';
import { OpenSession } from '../session/open-session.js';
import { plaintextGuard } from '../session/setup/open-setup.js';
import { TAG_SIZE } from '../suites.js';
import { PutBack, readHead } from './file-head.js';
import type { FileEnds, HeaderListener } from './file-run.js';
import { FileRun } from './file-run.js';

/**
 * Opens the rest of one file, a stream in the fixed layout, into another. Plaintext that verified before a fault is
 * written; it is complete only if the run succeeds.
 */
export class FileDecryption extends FileRun<BlockOpener> {
  readonly #onHeader: HeaderListener;
  protected override readonly ends: FileEnds;
  protected override readonly session: OpenSession<BlockOpener>;

  /** @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS`, or TypeError `ERR_SEALPIPE_CONTEXT` */
  constructor(ends: FileEnds, options: DecryptOptions, onHeader: HeaderListener) {
    super();
    this.ends = ends;
    this.#onHeader = onHeader;
    this.session = new OpenSession(
      decryptSettings(options),
      (cipher, layout) => new BlockOpener(cipher, layout),
    );
  }

  protected override async pass(): Promise<void> {
    const { session } = this;
    const { source } = this.ends;
    const { preamble, bytes } = await readHead(source, session.stopped, session.preamble);
    const { header } = preamble;
    session.bytesIn = header.preambleSize;
    assertFixed(header.layout);
    const frames = await session.unlock(preamble);
    this.#onHeader(header);
    const rest = new PutBack(bytes.subarray(header.preambleSize), source);
    await this.rotate(rest, NOTHING, {
      frameSize: header.frameSize,
      inputSize: header.frameSize + TAG_SIZE,
      inputViews: ({ memory }) => [memory],
      take: (length) => {
        session.bytesIn += length;
      },
      process: async (block, done, length, isLast, ready) => {
        frames.open(block, length, isLast, plaintextGuard(header, ready), done);
      },
    });
  }
}
