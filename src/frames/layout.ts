import type { LayoutName } from '../format/stream-header.js';
import { MAX_FRAMES, MAX_PLAINTEXT } from '../limits.js';
import { TAG_SIZE } from '../suites.js';

/** What a sealer and an opener must agree on besides the key. */
export interface FrameLayout {
  readonly layout: LayoutName;
  /** F of FORMAT 6: plaintext bytes of a full frame. */
  readonly frameSize: number;
  /** The associated data of every frame; in the record layout the frame's word follows it. */
  readonly aad: Uint8Array;
}

/** How long a stream may be. */
export interface FrameBounds {
  readonly maxFrames: number;
  /** Bytes. */
  readonly maxPlaintext: number;
}

/** The bounds of FORMAT 6. */
export const FORMAT_BOUNDS: FrameBounds = { maxFrames: MAX_FRAMES, maxPlaintext: MAX_PLAINTEXT };

/** Bytes of the word at the head of a record frame. */
export const WORD_SIZE = 4;
/** Bit 31 of that word. */
export const FINAL = 0x80000000;
/** Bytes of a record frame without plaintext. */
export const EMPTY_RECORD_SIZE: number = WORD_SIZE + TAG_SIZE;
/** Frames of one chunk share output buffers of about this size at most. */
export const MAX_OUTPUT = 1_048_576;
/**
 * A cipher that takes frames piece by piece gets pieces of at least this many bytes. Smaller ones are cheaper to copy.
 */
export const MIN_PIECE = 16_384;

/** Whether the word of the record frame at `position` says that it is the final one. */
export function isFinalWord(bytes: Uint8Array, position: number): boolean {
  return bytes[position]! >= 0x80;
}
