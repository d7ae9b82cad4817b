import type { Recipient } from '../../format/stream-header.js';
import type { KeyCalls, RewrapCall } from './key-calls.js';
import type { NextRecipients, RecipientOrigin } from './next-recipients.js';
import type { RecipientName, RewrapSettings } from './rewrap-options.js';

/** A recipient of a re-wrapped file. */
export interface RewrappedRecipient extends RecipientName {
  /**
   * `kept`: it already existed. `re-encrypted`: made by KMS, which alone saw the data key. `wrapped`: the data key was
   * unwrapped here, and wrapped anew.
   */
  readonly made: RecipientOrigin;
}

/** How a re-wrap went: plain JSON. */
export interface RewrapReport {
  /** The file, with no symbolic link in its path. */
  readonly path: string;
  /** Whether nothing was done but to look. */
  readonly dryRun: boolean;
  /** How the file was changed; `unchanged` if there was nothing to do; null in a dry run. */
  readonly way: 'in place' | 'by copy' | 'unchanged' | null;
  /** Bytes written to disk: journal and head, or the copy. */
  readonly bytesWritten: number;
  /** Whether an earlier re-wrap that was interrupted has been finished first (or would be). */
  readonly finished: boolean;
  /** Whether a data key has met the stream's commitment. */
  readonly checked: boolean;
  /** The recipient that was opened, or encrypted anew by KMS. */
  readonly openedBy: RecipientName | null;
  /** The recipients, in their order; in a dry run those that would stay. */
  readonly recipients: readonly RewrappedRecipient[];
  /** Those that were there and are not any more (or would not be). */
  readonly removed: readonly RecipientName[];
  /** What `remove` names and is no recipient. */
  readonly absent: readonly RecipientName[];
  /** The calls of key providers, in order; in a dry run those that would be made, but for checks that cost nothing. */
  readonly calls: readonly RewrapCall[];
}

/** What a report is made of. */
export interface Reported {
  readonly path: string;
  readonly finished: boolean;
  readonly keys: KeyCalls;
  readonly settings: RewrapSettings;
  /** The recipients that were there. */
  readonly before: readonly Recipient[];
  readonly next: NextRecipients;
  readonly way: 'in place' | 'by copy' | 'unchanged';
  readonly bytesWritten: number;
}

/** Tells how a re-wrap went. */
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
