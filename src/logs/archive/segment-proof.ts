import { throwIfAborted } from '../../abort.js';
import { SegmentDigest } from './segment-digest.js';

const WINDOW = 1_048_576;

/** What can be read from anywhere, and grows only. */
export interface ReadableSegment {
  readonly stopped: AbortSignal;
  size(): Promise<number>;
  read(start: number, end: number): Promise<Uint8Array>;
}

/** The digests of a segment (FORMAT 8). */
export interface SegmentDigests {
  /** Of all of it. */
  readonly digest: Buffer;
  /** Bytes behind the preamble. */
  readonly offset: number;
  /** Up to the offset that was asked for; undefined if the segment is shorter. */
  readonly prefix: Buffer | undefined;
}

/**
 * Digests a segment, whose preamble must be legal.
 *
 * @param at an offset behind the preamble, of which the digest is wanted as well
 */
export async function digestSegment(
  segment: ReadableSegment,
  preambleSize: number,
  at?: number,
): Promise<SegmentDigests> {
  const digest = new SegmentDigest();
  const size = await segment.size();
  const stop = at === undefined ? size : preambleSize + at;
  let prefix: Buffer | undefined;
  for (let position = 0; position < size; ) {
    const most = position < stop ? Math.min(size, stop) : size;
    const end = Math.min(most, position + WINDOW);
    const bytes = await segment.read(position, end);
    throwIfAborted(segment.stopped);
    digest.update(bytes);
    position = end;
    if (position === stop) prefix = digest.digest();
  }
  return { digest: digest.digest(), offset: digest.offset, prefix };
}
