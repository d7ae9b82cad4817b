import { ownMemory, wipe } from '../bytes.js';
import { optionsRangeError } from '../errors.js';
import type { LayoutName } from '../format/stream-header.js';
import { TAG_SIZE } from '../suites.js';

/** Plaintext bytes of a block. */
const BLOCK_SIZE = 1_048_576;

/**
 * Memory for a run of full frames of the fixed layout, used over and over. The plaintext and ciphertext of a frame
 * share one place, followed by the tag, so that a frame is sealed and opened in place.
 */
export class FrameBlock {
  readonly memory: Buffer;
  /** The frames, tags included. */
  readonly frames: readonly Buffer[];
  /** The frames without their tags. */
  readonly bodies: readonly Buffer[];

  constructor(frameSize: number, count: number = BLOCK_SIZE / frameSize) {
    const unit = frameSize + TAG_SIZE;
    const places = Array.from({ length: count }, (_, i) => i * unit);
    this.memory = ownMemory(places.length * unit);
    this.frames = places.map((place) => this.memory.subarray(place, place + unit));
    this.bodies = places.map((place) => this.memory.subarray(place, place + frameSize));
  }

  wipe(): void {
    wipe(this.memory);
  }
}

/**
 * Frames of the record layout may begin anywhere: only streams, which can also flush, handle them.
 *
 * @throws RangeError `ERR_SEALPIPE_OPTIONS`
 */
export function assertFixed(layout: LayoutName): void {
  if (layout !== 'fixed') throw optionsRangeError('Blocks hold frames of the fixed layout');
}
