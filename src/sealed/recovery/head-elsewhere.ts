import { equalBytes, readU32 } from '../../bytes.js';
import { optionsRangeError } from '../../errors.js';
import type { Preamble } from '../../format/preamble.js';
import { PROLOGUE_SIZE } from '../../format/prologue.js';
import type { StreamHeader } from '../../format/stream-header.js';
import { RandomOpener } from '../../frames/openers/random-opener.js';
import { MAX_SECTION_SIZE } from '../../limits.js';
import type { HeldSource } from '../../sources/held-source.js';
import { TAG_SIZE } from '../../suites.js';
import type { AnyOpener } from '../any-opener.js';

const SALT = { start: 20, end: 52 };
const LENGTHS = { bound: 12, envelope: 16 };

/** Refuses the head of another stream. @throws RangeError `ERR_SEALPIPE_OPTIONS` */
export async function assertSameSalt(
  { salt }: StreamHeader,
  source: HeldSource,
  size: number,
  stop: AbortSignal,
): Promise<void> {
  const own =
    size < PROLOGUE_SIZE
      ? undefined
      : (await source.read(0, PROLOGUE_SIZE, stop)).subarray(SALT.start, SALT.end);
  if (own !== undefined && equalBytes(own, salt)) return;
  throw optionsRangeError('The head is that of another stream: its salt is not the one in the source');
}

/** Whether two preambles differ in their envelopes only, which a re-wrap replaces. */
export function isSameStream(one: Preamble, other: Preamble): boolean {
  const parts = ({ prologueBytes, boundBytes }: Preamble) => [
    prologueBytes.subarray(0, LENGTHS.envelope),
    prologueBytes.subarray(SALT.start),
    boundBytes,
  ];
  const others = parts(other);
  return parts(one).every((part, i) => equalBytes(part, others[i]!));
}

/**
 * Where the frames begin in a stream whose head was kept elsewhere: after a head of that length, or, if the envelope
 * has been replaced since, where the stream's own prologue says.
 */
export async function firstFrame(
  opener: AnyOpener,
  { preambleSize, frameSize }: StreamHeader,
  source: HeldSource,
  size: number,
  stop: AbortSignal,
): Promise<number> {
  const prologue = await source.read(0, PROLOGUE_SIZE, stop);
  const [bound, envelope] = [readU32(prologue, LENGTHS.bound), readU32(prologue, LENGTHS.envelope)];
  const own = PROLOGUE_SIZE + bound + envelope;
  const isLegal = bound <= MAX_SECTION_SIZE && envelope <= MAX_SECTION_SIZE && own < size;
  if (own === preambleSize || !isLegal) return preambleSize;
  const bytes = await source.read(own, Math.min(size, own + 4 + frameSize + TAG_SIZE), stop);
  return isFirst(opener, bytes, frameSize) ? own : preambleSize;
}

function isFirst(opener: AnyOpener, bytes: Uint8Array, frameSize: number): boolean {
  if (opener instanceof RandomOpener) {
    const unit = frameSize + TAG_SIZE;
    return opener.verifies(0, bytes.subarray(0, unit));
  }
  const length = opener.lengthAt(bytes, 0);
  return length !== undefined && length <= bytes.length && opener.verifies(0, bytes.subarray(0, length));
}
