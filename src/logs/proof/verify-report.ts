import type { ErrorCode } from '../../errors.js';
import type { Recipient } from '../../format/stream-header.js';
import type { Checkpoint } from '../archive/checkpoint.js';
import type { TornEnd } from '../archive/reading/segment-units.js';
import type { SegmentKey } from '../reader/segment-key.js';

/** The times in a name. */
export interface NamedTimes {
  /** The earliest, in milliseconds since 1970. */
  readonly first: number;
  /** The latest. */
  readonly last: number;
}

/** Segments that are missing. */
export interface SegmentGap {
  /** The index of the first of them. */
  readonly from: number;
  /** Of the last of them. */
  readonly to: number;
}

/** Several files of the same segment. */
export interface SegmentFork {
  /** Its index. */
  readonly segment: number;
  /** Of the files. */
  readonly names: readonly string[];
}

/** The end of the last segment of an archive, if it has no last frame. */
export interface OpenTail extends TornEnd {
  /** Its index. */
  readonly segment: number;
}

/** Whether an archive matches a checkpoint. */
export interface CheckpointVerdict {
  /** The segment of the checkpoint. */
  readonly index: number;
  /** The offset in it, in bytes after the preamble. */
  readonly offset: number;
  /** Whether it matches. */
  readonly met: boolean;
}

/** The report about one file of an archive: plain JSON. Without keys, all of it is a claim. */
export interface SegmentReport {
  /** The index in its name. */
  readonly segment: number;
  /** Of its file. */
  readonly name: string;
  /** The times in its name, in milliseconds since 1970: always a claim. Null for an open or an empty one. */
  readonly named: NamedTimes | null;
  /** When it was begun, in milliseconds since 1970; null if its preamble is malformed. */
  readonly created: number | null;
  /** Bytes of the file. */
  readonly size: number;
  /** Bytes after the preamble. */
  readonly offset: number;
  /** The SHA-256 that the next segment has to name (FORMAT 8), in hex; null if its preamble is malformed. */
  readonly digest: string | null;
  /**
   * `whole` has its last frame, `closed` has it and closes the archive, `torn` lacks it; `unknown` was not opened,
   * because there was no key or it is refused.
   */
  readonly state: 'whole' | 'closed' | 'torn' | 'unknown';
  /** Where it ends, if it is torn. */
  readonly torn: TornEnd | null;
  /** Whether the segment after it, or the checkpoint, names its digest. */
  readonly vouched: boolean;
  /** Lines in it; null if it was not opened. */
  readonly lines: number | null;
  /** Its earliest time, in milliseconds since 1970; null if it holds nothing, or was not opened. */
  readonly first: number | null;
  /** Its latest time. */
  readonly last: number | null;
  /** Lines that its writer had to drop. */
  readonly dropped: number;
  /** The recipient whose key opened it; null if it was not opened. */
  readonly recipient: Omit<Recipient, 'wrapped'> | null;
}

/** A fault of an archive. */
export interface ArchiveProblem {
  /** The segment; null if the fault is not in one segment. */
  readonly segment: number | null;
  /** The code with which a reader fails. */
  readonly code: ErrorCode;
  /** In words. */
  readonly message: string;
}

/** The proof of one archive: plain JSON. */
export interface ArchiveProof {
  /** Its id, in hex. */
  readonly archive: string;
  /** No fault was found, as far as it was checked. */
  readonly holds: boolean;
  /** Every segment was opened with a key: the chain was made by its writers. */
  readonly authenticated: boolean;
  /** It holds, and is authenticated or matches a checkpoint. `notProved` says what that does not prove. */
  readonly verified: boolean;
  /**
   * It holds, and its last segment closes it. If only a checkpoint verifies it, the checkpoint must say so. Without keys
   * and checkpoint it is a claim.
   */
  readonly closed: boolean;
  /** Its files, in the order of their indexes. */
  readonly segments: readonly SegmentReport[];
  /** Lines in all that was opened. */
  readonly lines: number;
  /** Lines that its writers had to drop. */
  readonly dropped: number;
  /** Its earliest time, in milliseconds since 1970; null if unknown. */
  readonly first: number | null;
  /** Its latest time. */
  readonly last: number | null;
  /** Indexes that are missing, the last one included. */
  readonly gaps: readonly SegmentGap[];
  /** Indexes that several files have. */
  readonly forks: readonly SegmentFork[];
  /** Segments that lost acknowledged lines, according to the next writer. */
  readonly losses: readonly number[];
  /** The end of the last segment, if it has no last frame. */
  readonly openTail: OpenTail | null;
  /** The keys that opened segments. */
  readonly keys: readonly SegmentKey[];
  /** Whether the archive matches the checkpoint; null without one. */
  readonly checkpoint: CheckpointVerdict | null;
  /**
   * A checkpoint of the archive up to its last whole frame, to keep elsewhere. Null unless it holds and is
   * authenticated.
   */
  readonly head: Checkpoint | null;
  /** Its faults. */
  readonly problems: readonly ArchiveProblem[];
  /** What is not proved, in words. */
  readonly notProved: readonly string[];
}

/** The report of `verifyArchive`: plain JSON. */
export interface VerifyArchiveReport {
  /** Every archive is `verified`. */
  readonly verified: boolean;
  /** Every archive is `authenticated`. */
  readonly authenticated: boolean;
  /** Every archive is `closed`. */
  readonly closed: boolean;
  /** In the order of their ids. */
  readonly archives: readonly ArchiveProof[];
}
