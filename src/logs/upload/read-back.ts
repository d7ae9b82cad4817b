import { equalBytes } from '../../bytes.js';
import { FORMAT_LIMITS } from '../../format/preamble.js';
import type { ObjectPieces } from '../../s3/reading/object-pieces.js';
import { SegmentDigest } from '../archive/segment-digest.js';
import { legalHeader } from './segment-header.js';
import type { SpoolFile } from './spool-file.js';

/**
 * How an object compares to a segment. `same`: every byte is equal; `rewrapped`: the same segment (FORMAT 8) with a
 * different valid envelope; `other`: neither.
 */
export type Likeness = 'same' | 'rewrapped' | 'other';

/** Bytes per comparison. */
const PIECE = 4_194_304;

/**
 * Reads an object back completely, and compares it with the file of a segment.
 *
 * @throws (rejects) like `ObjectPieces.read`; the error of the system
 */
export async function readBack(object: ObjectPieces, file: SpoolFile): Promise<Likeness> {
  if (await isSame(object, file)) return 'same';
  return (await isRewrapped(object, file)) ? 'rewrapped' : 'other';
}

async function isSame(object: ObjectPieces, file: SpoolFile): Promise<boolean> {
  // Memory is allocated only as needed, because thousands of short segments may follow each other.
  const memory = Buffer.allocUnsafeSlow(Math.min(PIECE, file.size));
  const own = Buffer.allocUnsafeSlow(memory.length);
  for (let position = 0; position < file.size; ) {
    const piece = await object.read(memory, position);
    if (object.pin?.size !== file.size) return false;
    const expected = own.subarray(0, piece.length);
    await file.read(expected, position);
    if (!expected.equals(piece)) return false;
    position += piece.length;
  }
  return true;
}

/** Whether the object has a valid preamble and the segment's chain digest, which does not cover the envelope. */
async function isRewrapped(object: ObjectPieces, file: SpoolFile): Promise<boolean> {
  const size = object.pin?.size ?? 0;
  const { maxPreambleSize } = FORMAT_LIMITS;
  // A difference of this size cannot come from an envelope.
  if (size === 0 || Math.abs(size - file.size) > maxPreambleSize) return false;
  const memory = Buffer.allocUnsafeSlow(Math.min(PIECE, Math.max(size, maxPreambleSize)));
  const head = await object.read(memory.subarray(0, Math.min(size, maxPreambleSize)), 0);
  const header = legalHeader(head);
  if (header === undefined) return false;
  const own = Buffer.allocUnsafeSlow(file.preambleSize);
  await file.read(own, 0);
  // In this case the envelope is not the difference.
  if (own.equals(head.subarray(0, header.preambleSize))) return false;
  const digest = new SegmentDigest();
  for (let position = 0; position < size; ) {
    const piece = await object.read(memory, position);
    digest.update(piece);
    position += piece.length;
  }
  return equalBytes(digest.digest(), (await file.facts()).digest);
}
