import { malformed } from '../format/malformed.js';
import type { StreamHeader } from '../format/stream-header.js';

/** Passes plaintext on; of a segment that closes an archive there must be none (FORMAT 8). */
export function plaintextGuard(
  { chain }: StreamHeader,
  emit: (bytes: Uint8Array) => void,
): (bytes: Uint8Array) => void {
  if (!chain?.closed) return emit;
  return () => {
    throw malformed('the segment that closes an archive has plaintext');
  };
}
