import type { Recipient } from '../../format/stream-header.js';
import type { StreamFault } from '../../stream-fault.js';
import type { SealedGap } from '../recovery/recover-report.js';

/** What `verify` found: plain JSON. */
export interface VerifyReport {
  /** Every frame has verified, the last one too: the stream is whole and unaltered. Never true of a sample. */
  readonly complete: boolean;
  /** Frames that have verified. */
  readonly frames: number;
  /** Bytes of plaintext in them. */
  readonly plaintextBytes: number;
  /** Bytes of the sealed stream. */
  readonly sealedBytes: number;
  /** The digest of the plaintext, in hex; null if none was asked for, or if the stream has a fault. */
  readonly digest: string | null;
  /** Percent of the frames that were looked at; null for all of them. */
  readonly sample: number | null;
  /** The first fault, or null. */
  readonly fault: StreamFault | null;
  /** None: what lies behind the first fault is not looked at. */
  readonly gaps: readonly SealedGap[];
  /** Whose key opened the stream; null if none has. */
  readonly recipient: Omit<Recipient, 'wrapped'> | null;
}
