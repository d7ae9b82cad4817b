import { FORMAT_LIMITS, PreambleReader } from '../../format/preamble.js';
import type { StreamHeader } from '../../format/stream-header.js';

/** What a segment that begins like this says of itself; undefined if its preamble is not legal, or not whole. */
export function legalHeader(head: Uint8Array): StreamHeader | undefined {
  try {
    return new PreambleReader(FORMAT_LIMITS).take(head, 0).preamble?.header;
  } catch {
    return undefined;
  }
}

/** The salt of a stream, in hex. */
export function saltOf({ salt }: StreamHeader): string {
  return Buffer.from(salt).toString('hex');
}
