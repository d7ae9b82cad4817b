import type { Recipient } from '../../format/stream-header.js';
import type { StreamFault } from '../../stream-fault.js';

/** A place where frames are missing, or where the sealed stream has bytes that belong to no frame. */
export interface SealedGap {
  /** The first missing frame, from 0. */
  readonly frame: number;
  /** The number of missing frames; null if it is unknown because the end of the stream is missing. */
  readonly frames: number | null;
  /** The offset in the sealed stream. */
  readonly offset: number;
  /** The number of bytes there that belong to no verified frame. */
  readonly sealedBytes: number;
  /** The number of missing plaintext bytes; null if it is unknown. */
  readonly plaintextBytes: number | null;
}

/** What `recover` saved and what is missing, as plain JSON. */
export interface RecoverReport {
  /** No plaintext is missing: every frame has verified, including the last one. */
  readonly complete: boolean;
  /** Frames that have verified. */
  readonly frames: number;
  /** Bytes of plaintext in them. */
  readonly plaintextBytes: number;
  /** Bytes of the sealed stream. */
  readonly sealedBytes: number;
  /** The digest of the saved plaintext, in hex, without zeros that fill gaps; null if none was requested. */
  readonly digest: string | null;
  /** The error of `decrypt` for this stream, and its place; null if `decrypt` succeeds. */
  readonly fault: StreamFault | null;
  /** The first gaps, at most 1,000. */
  readonly gaps: readonly SealedGap[];
  /** The total number of gaps. */
  readonly gapCount: number;
  /** The offset at which the search stopped early, and the budget that was used up; null if it reached the end. */
  readonly stopped: {
    /** The offset in the sealed stream. */
    readonly offset: number;
    /** `gap`: how far the search goes in one gap. `work`: how much the cipher processes in total. */
    readonly budget: 'gap' | 'work';
  } | null;
  /** The recipient whose key opened the stream. */
  readonly recipient: Omit<Recipient, 'wrapped'>;
}
