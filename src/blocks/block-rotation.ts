import { throwIfAborted } from '../abort.js';
import { BlockWrites } from './block-writes.js';
import { FrameBlock } from './frame-block.js';

/** Processes each block between its read and its write. */
export interface BlockWork {
  readonly frameSize: number;
  /** The views of a block into which bytes are read. */
  inputViews(block: FrameBlock): readonly Uint8Array[];
  /**
   * Seals or opens the first `length` bytes of a block.
   *
   * @param isLast nothing follows; only the last block may be incomplete
   * @param ready receives bytes to be written; they are written before an error of this call is reported
   */
  process(
    block: FrameBlock,
    length: number,
    isLast: boolean,
    ready: (view: Uint8Array) => void,
  ): Promise<void>;
}

/** The input and output of a rotation. */
export interface Transport {
  /** Fills the views. @returns how many bytes were read: fewer than the views hold only at the end */
  read(views: readonly Uint8Array[]): Promise<number>;
  /** Writes all of the views. */
  write(views: readonly Uint8Array[]): Promise<void>;
}

/**
 * Rotates up to three blocks between reading, work and writing: while one is processed, the next is being read and the
 * previous one written. Resolves when everything was written.
 *
 * When this settles, nothing is in flight and every block is wiped, in every case.
 *
 * @param first is written before everything else
 * @throws the reason of `stop` once it is aborted; the first error of the work, of a read or of a write
 */
export async function rotateBlocks(
  { frameSize, inputViews, process }: BlockWork,
  { read, write }: Transport,
  first: Uint8Array,
  stop: AbortSignal,
): Promise<void> {
  const blocks: FrameBlock[] = [];
  // Wiping touches every page: an input that fits into one block takes the memory of one.
  const blockAt = (at: number): FrameBlock => (blocks[at % 3] ??= new FrameBlock(frameSize));
  const capacity = inputViews(blockAt(0)).reduce((sum, { length }) => sum + length, 0);
  let reading = underWay(read(inputViews(blockAt(0))));
  const writes = new BlockWrites(write, first);
  try {
    for (let at = 0, isLast = false; !isLast; at++) {
      const block = blockAt(at);
      const length = await reading;
      throwIfAborted(stop);
      isLast = length < capacity;
      // Free, because its last write ended before the current one began.
      if (!isLast) reading = underWay(read(inputViews(blockAt(at + 1))));
      const views: Uint8Array[] = [];
      try {
        await process(block, length, isLast, (view) => void views.push(view));
      } catch (error) {
        await writes.finish(views);
        throw error;
      }
      await writes.follow(views);
    }
    await writes.end();
  } finally {
    await Promise.allSettled([reading, writes.idle()]);
    for (const block of blocks) block.wipe();
  }
}

/** A rejection is handled when its block is needed, so it must not count as unhandled before. */
function underWay<T>(operation: Promise<T>): Promise<T> {
  operation.catch(() => undefined);
  return operation;
}
