import type { Recipient } from '../../format/stream-header.js';
import type { KeyCalls, RewrapCall } from './key-calls.js';
import type { NextRecipients, RecipientOrigin } from './next-recipients.js';
import type { RecipientName, RewrapSettings } from './rewrap-options.js';

/** A recipient of a re-wrapped file. */
export interface RewrappedRecipient extends RecipientName {
  /**
   * `kept`: it already existed. `re-encrypted`: created by KMS, and only KMS saw the data key. `wrapped`: the data key
   * was unwrapped here and wrapped again.
   */
  readonly made: RecipientOrigin;
}

/** The result of a re-wrap, as plain JSON. */
export interface RewrapReport {
  /** The path of the file, without symbolic links. */
  readonly path: string;
  /** Whether this was a dry run, which changes nothing. */
  readonly dryRun: boolean;
  /** How the file was changed; `unchanged` if there was nothing to do; null in a dry run. */
  readonly way: 'in place' | 'by copy' | 'unchanged' | null;
  /** Bytes written to disk: journal and head, or the copy. */
  readonly bytesWritten: number;
  /** Whether an interrupted earlier re-wrap was finished first (or, in a dry run, would be). */
  readonly finished: boolean;
  /** Whether a data key was checked against the stream's commitment. */
  readonly checked: boolean;
  /** The recipient that was opened or that KMS re-encrypted. */
  readonly openedBy: RecipientName | null;
  /** The recipients in order; in a dry run those that would stay. */
  readonly recipients: readonly RewrappedRecipient[];
  /** The recipients that were removed (or would be). */
  readonly removed: readonly RecipientName[];
  /** Recipients that `remove` names but the file does not have. */
  readonly absent: readonly RecipientName[];
  /** The calls of key providers, in order; in a dry run those that would be made, without checks that cost nothing. */
  readonly calls: readonly RewrapCall[];
}

/** The inputs of a report. */
export interface Reported {
  readonly path: string;
  readonly finished: boolean;
  readonly keys: KeyCalls;
  readonly settings: RewrapSettings;
  /** The recipients before the re-wrap. */
  readonly before: readonly Recipient[];
  readonly next: NextRecipients;
  readonly way: 'in place' | 'by copy' | 'unchanged';
  readonly bytesWritten: number;
}

/** Builds the report of a re-wrap. */
export function reportOf(reported: Reported): RewrapReport {
  const { path, finished, keys, settings, before, next, way, bytesWritten } = reported;
  const after = next.entries.map(({ recipient }) => recipient);
  return {
    path,
    dryRun: false,
    way,
    bytesWritten,
    finished,
    checked: next.checked,
    openedBy: next.from === undefined ? null : nameOf(next.from),
    recipients: after.map((recipient, i) => ({ ...nameOf(recipient), made: next.origins[i]! })),
    removed: before.filter((one) => !after.some((other) => isSame(one, other))).map(nameOf),
    absent: absentOf(before, settings),
    calls: keys.calls,
  };
}

/** The recipients that `remove` names and the stream does not have. */
export function absentOf(before: readonly Recipient[], { remove }: RewrapSettings): readonly RecipientName[] {
  return remove.filter((name) => !before.some((one) => isSame(one, name)));
}

/** A recipient without its wrapped key. */
export function nameOf({ provider, key }: RecipientName): RecipientName {
  return { provider, key };
}

function isSame(one: RecipientName, other: RecipientName): boolean {
  return one.provider === other.provider && one.key === other.key;
}
