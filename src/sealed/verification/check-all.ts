import type { BlockOpener } from '../../blocks/block-opener.js';
import { readBlocks } from '../../blocks/block-reads.js';
import type { FrameOpener } from '../../frames/opener.js';
import type { ProgressReport } from '../../session/progress.js';
import type { HeldSource } from '../../sources/held-source.js';
import { piecesOf } from '../../sources/pieces.js';
import { RUN_SIZE } from '../reading/ranges.js';
import type { FrameCheck } from './frame-check.js';

/** The inputs of a check. */
export interface CheckTerms {
  readonly source: HeldSource;
  /** The size of the source in bytes. */
  readonly size: number;
  readonly progress: ProgressReport;
  readonly stop: AbortSignal;
}

/**
 * Opens every frame of the fixed layout in place, in the memory that it was read into.
 *
 * @throws (rejects) the errors of a decrypt stream; the error of the source
 */
export function checkFixed(
  check: FrameCheck<BlockOpener>,
  { source, size, progress, stop }: CheckTerms,
): Promise<void> {
  const { frameSize, preambleSize } = check.header;
  let bytesIn = preambleSize;
  return readBlocks(
    {
      frameSize,
      size: size - preambleSize,
      read: (memory, position) => source.readInto(memory, preambleSize + position, stop),
      work(block, length, isLast) {
        check.opener.open(block, length, isLast, check.emit);
        bytesIn += length;
        progress.tell(bytesIn, check.plaintextBytes);
      },
    },
    stop,
  );
}

/**
 * Opens every frame of the record layout.
 *
 * @throws (rejects) like `checkFixed`
 */
export async function checkRecord(
  check: FrameCheck<FrameOpener>,
  { source, size, progress, stop }: CheckTerms,
): Promise<void> {
  const { opener, header } = check;
  let bytesIn = header.preambleSize;
  for await (const piece of piecesOf(source, bytesIn, size, RUN_SIZE, stop)) {
    opener.write(piece);
    bytesIn += piece.length;
    progress.tell(bytesIn, check.plaintextBytes);
  }
  opener.finish();
}
