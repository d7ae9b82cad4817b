import { throwIfAborted } from '../abort.js';
import { FrameBlock } from './frame-block.js';

/** Work on bytes at known positions that writes nothing. */
export interface ReadWork {
  readonly frameSize: number;
  /** Total number of bytes. */
  readonly size: number;
  /** Reads from `position` until the memory is full. Nothing writes to the memory after it has settled. */
  read(memory: Uint8Array, position: number): Promise<void>;
  /**
   * Opens the first `length` bytes of a block.
   *
   * @param isLast nothing follows; only the last block may be incomplete
   */
  work(block: FrameBlock, length: number, isLast: boolean): void;
}

/** Two at once, because a single read would leave a thread idle between its end and the next read. */
const READS_AHEAD = 2;
const BLOCKS = READS_AHEAD + 1;

/**
 * Rotates up to three blocks between reading and work: while one is processed, the next two are being read.
 *
 * When this settles, nothing is in flight and every block is wiped, in every case.
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
    // A rejection is handled when its block is needed, so it must not count as unhandled before.
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
