import { throwIfAborted } from '../abort.js';
import { FrameBlock } from './frame-block.js';

/** What is done to bytes that lie at known places, and of which nothing is written. */
export interface ReadWork {
  readonly frameSize: number;
  /** Bytes in all. */
  readonly size: number;
  /** Fills memory with what lies at `position`. Once it has settled nothing writes to the memory any more. */
  read(memory: Uint8Array, position: number): Promise<void>;
  /**
   * Opens the first `length` bytes of a block.
   *
   * @param isLast nothing follows: only then is the block not full
   */
  work(block: FrameBlock, length: number, isLast: boolean): void;
}

/** Of one, the turns that a thread takes to begin and to tell would be waited for. */
const READS_AHEAD = 2;
const BLOCKS = READS_AHEAD + 1;

/**
 * Moves up to three blocks round between reading and work: while one is worked on, the next two are being read.
 *
 * Whatever happens, nothing is in flight any more and every block is wiped when this settles.
 *
 * @throws the reason of `stop` once it is aborted; the first error of a read or of the work, in the order of the blocks
 */
export async function readBlocks(
  { frameSize, size, read, work }: ReadWork,
  stop: AbortSignal,
): Promise<void> {
  const blocks: FrameBlock[] = [];
  const reads: Promise<void>[] = [];
  // Wiping touches every page: an input that fits into one block takes the memory of one.
  const blockAt = (at: number): FrameBlock => (blocks[at % BLOCKS] ??= new FrameBlock(frameSize));
  const capacity = blockAt(0).memory.length;
  const last = Math.floor(size / capacity);
  const lengthAt = (at: number): number => (at < last ? capacity : size - last * capacity);
  const begin = (at: number): void => {
    if (at > last || lengthAt(at) === 0) return;
    const reading = read(blockAt(at).memory.subarray(0, lengthAt(at)), at * capacity);
    // A failure is looked at when its turn comes, and is never an unhandled one until then.
    reading.catch(() => undefined);
    reads[at % BLOCKS] = reading;
  };
  try {
    for (let at = 0; at < READS_AHEAD; at++) begin(at);
    for (let at = 0; at <= last; at++) {
      await reads[at % BLOCKS];
      throwIfAborted(stop);
      begin(at + READS_AHEAD);
      work(blockAt(at), lengthAt(at), at === last);
    }
  } finally {
    await Promise.allSettled(reads);
    for (const block of blocks) block.wipe();
  }
}
