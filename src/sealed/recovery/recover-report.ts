import type { Recipient } from '../../format/stream-header.js';
import type { StreamFault } from '../../stream-fault.js';

/** A place where frames are missing, or where the sealed stream has bytes that belong to no frame. */
export interface SealedGap {
  /** The first frame that is missing, from 0. */
  readonly frame: number;
  /** How many are; null if the stream's end is missing, so that nobody knows. */
  readonly frames: number | null;
  /** Where in the sealed stream. */
  readonly offset: number;
  /** Bytes there that no frame was made of. */
  readonly sealedBytes: number;
  /** Bytes of plaintext that are missing; null if nobody knows. */
  readonly plaintextBytes: number | null;
}

/** What `recover` saved, and what it did not: plain JSON. */
export interface RecoverReport {
  /** Nothing of the plaintext is missing: every frame has verified, the last one too. */
  readonly complete: boolean;
  /** Frames that have verified. */
  readonly frames: number;
  /** Bytes of plaintext in them. */
  readonly plaintextBytes: number;
  /** Bytes of the sealed stream. */
  readonly sealedBytes: number;
  /** The digest of what was saved, in hex, without what was filled with zeros; null if none was asked for. */
  readonly digest: string | null;
  /** What `decrypt` fails with, and where; null if it does not. */
  readonly fault: StreamFault | null;
  /** The first gaps, at most 1,000 of them. */
  readonly gaps: readonly SealedGap[];
  /** How many gaps there are. */
  readonly gapCount: number;
  /** Where in the sealed stream the search ended before the end, and which budget it had used up; null if it did not. */
  readonly stopped: {
    /** Bytes of the sealed stream before it. */
    readonly offset: number;
    /** `gap`: how far one gap is searched. `work`: how much is given to the cipher in all. */
    readonly budget: 'gap' | 'work';
  } | null;
  /** Whose key opened the stream. */
  readonly recipient: Omit<Recipient, 'wrapped'>;
}
