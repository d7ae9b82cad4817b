import { throwIfAborted } from '../abort.js';
import { ownMemory, viewsBeyond, wipe } from '../bytes.js';
import { BlockWrites } from './block-writes.js';
import { FrameBlock } from './frame-block.js';

/** Processes bytes that arrive in pieces, between reading and writing. */
export interface PieceWork {
  readonly frameSize: number;
  /** Bytes of the input for a frame. */
  readonly inputSize: number;
  /** The views of a block into which bytes are read. */
  inputViews(block: FrameBlock): readonly Uint8Array[];
  /** Called for every piece when it has arrived. */
  take(length: number): void;
  /**
   * Seals or opens frames of a block of which `length` bytes have arrived.
   *
   * @param done frames of the block that were processed before
   * @param isLast nothing follows; only then is there a part of a frame
   * @param ready receives bytes to be written; they are written before an error of this call is reported
   */
  process(
    block: FrameBlock,
    done: number,
    length: number,
    isLast: boolean,
    ready: (view: Uint8Array) => void,
  ): Promise<void>;
}

/** The input and output of a rotation of pieces. */
export interface PieceTransport {
  /** The most bytes that may arrive at once: a block holds as many, and at least one frame. */
  readonly holds: number;
  /** The least space for every read, in bytes. */
  readonly packet: number;
  /** Returns the bytes that are available, and waits only if there are none. @returns bytes, 0 at the end */
  read(views: readonly Uint8Array[]): Promise<number>;
  /** Writes all of the views. */
  write(views: readonly Uint8Array[]): Promise<void>;
  /** Called if a write is the first thing that fails, so that a read from a silent source is abandoned. */
  failed(error: unknown): void;
}

/**
 * Moves the bytes of a pipe through two blocks: every whole frame is processed and written as soon as it has arrived,
 * while the next piece is being read. Resolves when everything was written.
 *
 * When this settles, nothing is in flight and every block is wiped, in every case.
 *
 * @param first is written before everything else
 * @throws the reason of `stop` once it is aborted; the first error of the work, of a read or of a write
 */
export async function rotatePieces(
  { frameSize, inputSize, inputViews, take, process }: PieceWork,
  { holds, packet, read, write, failed }: PieceTransport,
  first: Uint8Array,
  stop: AbortSignal,
): Promise<void> {
  // Enough frames that a surplus never fills a block.
  const count = Math.max(Math.ceil(holds / frameSize), Math.floor(packet / frameSize) + 1);
  const blocks = [new FrameBlock(frameSize, count), new FrameBlock(frameSize, count)] as const;
  const surplus = ownMemory(packet);
  const capacity = count * inputSize;
  /** The block that is being filled; the other one may be in a write. */
  let block: FrameBlock = blocks[0];
  /** Bytes of it that have arrived, and frames that were processed. */
  let [length, done] = [0, 0];
  const writes = new BlockWrites(write, first, failed);
  const work = async (isLast: boolean): Promise<void> => {
    const whole = Math.floor(length / inputSize);
    if (whole === done && !isLast) return;
    const views: Uint8Array[] = [];
    try {
      const end = isLast ? length : whole * inputSize;
      await process(block, done, end, isLast, (view) => void views.push(view));
    } catch (error) {
      await writes.finish(views);
      throw error;
    }
    await writes.follow(views);
    done = whole;
  };
  try {
    for (let isLast = false; !isLast; ) {
      const views = viewsBeyond(inputViews(block), length);
      const room = capacity - length;
      const came = await read(room < packet ? [...views, surplus] : views);
      throwIfAborted(stop);
      take(came);
      isLast = came === 0;
      length += Math.min(came, room);
      await work(isLast);
      if (length < capacity) continue;
      block = block === blocks[0] ? blocks[1] : blocks[0];
      [length, done] = [Math.max(0, came - room), 0];
      copyInto(inputViews(block), surplus.subarray(0, length));
      await work(false);
    }
    await writes.end();
  } catch (error) {
    writes.hush();
    throw error;
  } finally {
    await writes.idle();
    wipe(surplus);
    for (const one of blocks) one.wipe();
  }
}

function copyInto(views: readonly Uint8Array[], bytes: Uint8Array): void {
  for (let at = 0, i = 0; at < bytes.length; at += views[i++]!.length) {
    views[i]!.set(bytes.subarray(at, at + views[i]!.length));
  }
}
