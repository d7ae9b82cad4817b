import { BlockOpener } from '../blocks/block-opener.js';
import { assertFixed } from '../blocks/frame-block.js';
import { plaintextGuard } from '../session/closed-segment.js';
import type { DecryptOptions, DecryptSettings } from '../session/decrypt-options.js';
import { decryptSettings } from '../session/decrypt-options.js';
import { setUpOpen } from '../session/open-setup.js';
import { PutBack, readHead } from './file-head.js';
import type { FileEnds, HeaderListener } from './file-run.js';
import { FileRun } from './file-run.js';

const NOTHING = new Uint8Array(0);

/**
 * Opens what is left of one file, a stream in the fixed layout, into another. What verified before a fault is written;
 * only where the run succeeds it is the whole.
 */
export class FileDecryption extends FileRun {
  readonly #ends: FileEnds;
  readonly #settings: DecryptSettings;
  #opener: BlockOpener | undefined;

  /** @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS`, or TypeError `ERR_SEALPIPE_CONTEXT` */
  constructor(ends: FileEnds, options: DecryptOptions, onHeader: HeaderListener) {
    const settings = decryptSettings(options);
    super('decrypt', settings.signal, onHeader);
    this.#ends = ends;
    this.#settings = settings;
  }

  get framesOut(): number {
    return this.#opener?.frames ?? 0;
  }

  protected override async pass(): Promise<void> {
    const { source, sink } = this.#ends;
    const { preamble, bytes } = await readHead(source, this.stop, this.#settings.limits);
    const { header } = preamble;
    this.taken = header.preambleSize;
    assertFixed(header.layout);
    const { cipher, layout, service } = await setUpOpen(preamble, this.#settings, this.stop);
    const opener = new BlockOpener(cipher, layout);
    this.#opener = opener;
    this.announce(header, service);
    const rest = new PutBack(bytes.subarray(header.preambleSize), source);
    await this.relay({ source: rest, sink }, NOTHING, {
      frameSize: layout.frameSize,
      room: ({ memory }) => [memory],
      turn: async (block, length, isLast, ready) => {
        this.taken += length;
        opener.open(block, length, isLast, plaintextGuard(header, ready));
      },
    });
  }

  protected override wipe(): void {
    this.#opener?.wipe();
  }
}
