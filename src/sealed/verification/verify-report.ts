import type { Recipient } from '../../format/stream-header.js';
import type { StreamFault } from '../../stream-fault.js';
import type { SealedGap } from '../recovery/recover-report.js';

/** The result of `verify`, as plain JSON. */
export interface VerifyReport {
  /** Every frame has verified, including the last one: the stream is complete and unaltered. Never true of a sample. */
  readonly complete: boolean;
  /** Frames that have verified. */
  readonly frames: number;
  /** Bytes of plaintext in them. */
  readonly plaintextBytes: number;
  /** Bytes of the sealed stream. */
  readonly sealedBytes: number;
  /** The digest of the plaintext, in hex; null if none was requested, or if the stream has a fault. */
  readonly digest: string | null;
  /** The percentage of frames that were checked; null for all of them. */
  readonly sample: number | null;
  /** The first fault, or null. */
  readonly fault: StreamFault | null;
  /** Always empty, because `verify` stops at the first fault. */
  readonly gaps: readonly SealedGap[];
  /** The recipient whose key opened the stream; null if none did. */
  readonly recipient: Omit<Recipient, 'wrapped'> | null;
}
