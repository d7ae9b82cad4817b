import type { ErrorCode } from '../../errors.js';
import type { Recipient } from '../../format/stream-header.js';
import type { Checkpoint } from '../archive/checkpoint.js';
import type { TornEnd } from '../archive/reading/segment-units.js';
import type { SegmentKey } from '../reader/segment-key.js';

/** The times that a name says. */
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

/** Several files that are one segment. */
export interface SegmentFork {
  /** Its index. */
  readonly segment: number;
  /** Of the files. */
  readonly names: readonly string[];
}

/** Where the last segment of an archive ends without its last frame. */
export interface OpenTail extends TornEnd {
  /** Its index. */
  readonly segment: number;
}

/** Whether an archive is what a checkpoint says. */
export interface CheckpointVerdict {
  /** The segment that the checkpoint is of. */
  readonly index: number;
  /** Where in it, in bytes behind the preamble. */
  readonly offset: number;
  /** It is. */
  readonly met: boolean;
}

/** What was found out about one file of an archive: plain JSON. Without keys, all of it is a claim. */
export interface SegmentReport {
  /** Its index, as its name says. */
  readonly segment: number;
  /** Of its file. */
  readonly name: string;
  /** The times that its name says, in milliseconds since 1970: a claim in any case. Null for an open or an empty one. */
  readonly named: NamedTimes | null;
  /** When it was begun, in milliseconds since 1970; null if its preamble is not legal. */
  readonly created: number | null;
  /** Bytes of the file. */
  readonly size: number;
  /** Bytes behind the preamble. */
  readonly offset: number;
  /** SHA-256 as the next segment has to name it (FORMAT 8), in hex; null if its preamble is not legal. */
  readonly digest: string | null;
  /**
   * `whole` has its last frame, `closed` has it and closes the archive, `torn` lacks it; `unknown` was not opened, since
   * there was no key or it is refused.
   */
  readonly state: 'whole' | 'closed' | 'torn' | 'unknown';
  /** Where it ends, if it is torn. */
  readonly torn: TornEnd | null;
  /** The segment after it, or the checkpoint, names its digest. */
  readonly vouched: boolean;
  /** Lines in it; null if it was not opened. */
  readonly lines: number | null;
  /** Its earliest time, in milliseconds since 1970; null if it holds nothing, or was not opened. */
  readonly first: number | null;
  /** Its latest time. */
  readonly last: number | null;
  /** Lines that its writer had to drop. */
  readonly dropped: number;
  /** Whose key opened it; null if none has. */
  readonly recipient: Omit<Recipient, 'wrapped'> | null;
}

/** What is wrong with an archive. */
export interface ArchiveProblem {
  /** Where; null if it is about no one segment. */
  readonly segment: number | null;
  /** What a reader fails with. */
  readonly code: ErrorCode;
  /** In words. */
  readonly message: string;
}

/** What was proved of one archive: plain JSON. */
export interface ArchiveProof {
  /** Its id, in hex. */
  readonly archive: string;
  /** Nothing is wrong with it, as far as it was looked at. */
  readonly holds: boolean;
  /** Every segment was opened with a key: the chain is that of its writers. */
  readonly authenticated: boolean;
  /** It holds, and is authenticated or meets a checkpoint. `notProved` says what that leaves open. */
  readonly verified: boolean;
  /** It holds, and its last segment closes it. */
  readonly closed: boolean;
  /** Its files, in the order of their indexes. */
  readonly segments: readonly SegmentReport[];
  /** Lines in all that was opened. */
  readonly lines: number;
  /** Lines that its writers had to drop. */
  readonly dropped: number;
  /** Its earliest time, in milliseconds since 1970; null if nothing says. */
  readonly first: number | null;
  /** Its latest time. */
  readonly last: number | null;
  /** Indexes that are missing, the last one included. */
  readonly gaps: readonly SegmentGap[];
  /** Indexes that several files have. */
  readonly forks: readonly SegmentFork[];
  /** Segments that lost lines which had been acknowledged, as the writer after them says. */
  readonly losses: readonly number[];
  /** The end of the last segment, if it has no last frame. */
  readonly openTail: OpenTail | null;
  /** The keys that opened segments. */
  readonly keys: readonly SegmentKey[];
  /** Whether the archive is what the checkpoint says, or null without one. */
  readonly checkpoint: CheckpointVerdict | null;
  /** What the archive is now, to be kept elsewhere: up to its last whole frame. Null unless it holds and is authenticated. */
  readonly head: Checkpoint | null;
  /** What is wrong with it. */
  readonly problems: readonly ArchiveProblem[];
  /** What the proof leaves open, in words. */
  readonly notProved: readonly string[];
}

/** What `verifyArchive` found: plain JSON. */
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
