import { equalBytes } from '../../../bytes.js';
import { SealpipeError } from '../../../errors.js';
import { SegmentDigest } from '../segment-digest.js';
import type { OpenedSegment } from './opened-segment.js';
import type { TornEnd } from './segment-units.js';
import { SegmentUnits } from './segment-units.js';
import { SegmentWindows } from './segment-windows.js';

/**
 * Checks that a segment really ends where reading stopped, in exactly the bytes whose digest its successor names.
 * Otherwise a failed read, for example over a network, would look like a crash of the writer and hide the rest.
 *
 * @param vouched the digest of the segment
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_CHANGED` if it does not; the error of reading the segment
 */
export async function assertTorn(
  segment: OpenedSegment,
  { offset }: TornEnd,
  vouched: Uint8Array,
): Promise<void> {
  const { preambleSize } = segment.header;
  const digest = new SegmentDigest();
  digest.update(await segment.read(0, preambleSize));
  let position = preambleSize;
  const take = (bytes: Uint8Array): void => {
    digest.update(bytes);
    position += bytes.length;
  };
  const units = new SegmentUnits(segment, undefined, take);
  for await (const _ of units.walk()) {
    // The lines of the units have already been returned.
  }
  const rest = new SegmentWindows(segment, position, await segment.size());
  try {
    for (let bytes = await rest.next(); bytes !== undefined; bytes = await rest.next()) digest.update(bytes);
  } finally {
    await rest.close();
  }
  if (units.torn?.offset === offset && equalBytes(digest.digest(), vouched)) return;
  throw new SealpipeError(
    'ERR_SEALPIPE_CHANGED',
    `${segment.name.name}: other bytes were read than those that the next segment vouches for`,
    { hint: 'Read it again; if it happens again, look for what alters bytes on their way', retryable: true },
  );
}
