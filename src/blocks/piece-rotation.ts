import { throwIfAborted } from '../abort.js';
import { ownMemory, viewsBeyond, wipe } from '../bytes.js';
import { BlockWrites } from './block-writes.js';
import { FrameBlock } from './frame-block.js';

/** What is done to bytes that come in pieces, between reading and writing. */
export interface PieceWork {
  readonly frameSize: number;
  /** Bytes of the input for a frame. */
  readonly inputSize: number;
  /** Where in a block the bytes go that are read. */
  inputViews(block: FrameBlock): readonly Uint8Array[];
  /** Hears of every piece when it has come. */
  take(length: number): void;
  /**
   * Seals or opens frames of a block, of which `length` bytes have come.
   *
   * @param done frames of the block that were worked on before
   * @param isLast nothing follows; only then is there a part of a frame
   * @param ready is given what is to be written; it goes out also if this throws, before the error does
   */
  process(
    block: FrameBlock,
    done: number,
    length: number,
    isLast: boolean,
    ready: (view: Uint8Array) => void,
  ): Promise<void>;
}

/** How the pieces of a rotation come and go. */
export interface PieceTransport {
  /** Bytes that may come at once: a block has room for as many, and for one frame at least. */
  readonly holds: number;
  /** Bytes that every read has room for. */
  readonly packet: number;
  /** Gives what is there, in no time, and waits only for the first byte of it. @returns bytes, 0 at the end */
  read(views: readonly Uint8Array[]): Promise<number>;
  /** Writes all of the views. */
  write(views: readonly Uint8Array[]): Promise<void>;
  /** Told of a write that failed before anything else did, so that a read which waits for a silent source is given up. */
  failed(error: unknown): void;
}

/**
 * Moves what a pipe gives through two blocks: every whole frame is worked on and written as soon as it has come, and the
 * next piece is read while that is being written. Returns when everything was written.
 *
 * Whatever happens, nothing is in flight any more and every block is wiped when this settles.
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
  // So many that a surplus never fills one.
  const count = Math.max(Math.ceil(holds / frameSize), Math.floor(packet / frameSize) + 1);
  const blocks = [new FrameBlock(frameSize, count), new FrameBlock(frameSize, count)] as const;
  const surplus = ownMemory(packet);
  const capacity = count * inputSize;
  /** The block that is being filled: the other one is being written at most. */
  let block: FrameBlock = blocks[0];
  /** Bytes that have come of it, and frames that were worked on. */
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
