import { FORMAT_LIMITS, PreambleReader } from '../../format/preamble.js';
import type { StreamHeader } from '../../format/stream-header.js';

/** The header of a segment from its first bytes; undefined if its preamble is invalid or incomplete. */
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
