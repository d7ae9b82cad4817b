import { throwIfAborted } from '../abort.js';
import { BlockWrites } from './block-writes.js';
import { FrameBlock } from './frame-block.js';

/** What is done to every block between reading and writing. */
export interface BlockWork {
  readonly frameSize: number;
  /** Where in a block the bytes go that are read. */
  inputViews(block: FrameBlock): readonly Uint8Array[];
  /**
   * Seals or opens the first `length` bytes of a block.
   *
   * @param isLast nothing follows: only then is the block not full
   * @param ready is given what is to be written; it goes out also if this throws, before the error does
   */
  process(
    block: FrameBlock,
    length: number,
    isLast: boolean,
    ready: (view: Uint8Array) => void,
  ): Promise<void>;
}

/** How a rotation reads and writes. */
export interface Transport {
  /** Fills the views. @returns how many bytes came: fewer than the views hold only at the end */
  read(views: readonly Uint8Array[]): Promise<number>;
  /** Writes all of the views. */
  write(views: readonly Uint8Array[]): Promise<void>;
}

/**
 * Moves up to three blocks round between reading, work and writing: while one is worked on, the next is being read and the
 * one before is being written. Returns when everything was written.
 *
 * Whatever happens, nothing is in flight any more and every block is wiped when this settles.
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
      // Free: its last write was waited for before the one that is under way was begun.
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

/** A failure is looked at when its process comes, and is never an unhandled one until then. */
function underWay<T>(operation: Promise<T>): Promise<T> {
  operation.catch(() => undefined);
  return operation;
}
