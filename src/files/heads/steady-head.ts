import { equalBytes } from '../../bytes.js';
import type { StreamHeader } from '../../format/stream-header.js';
import { interruptedRewrap, mayBeTorn } from './interrupted-rewrap.js';

/** How to open a stream whose head may be replaced at the same time. */
export interface HeadWork<H, T> {
  /** Reads the head from the beginning. Called at most twice. */
  readonly read: () => Promise<H>;
  /** Opens the stream with a head; called for the second head only if its recipients differ. */
  readonly open: (head: H) => Promise<T>;
  /** Whether a failure does not come from the head: the commitment was verified, or the work was aborted. */
  readonly isPast: () => boolean;
  /** Whether the source can be read again. */
  readonly isSteady: boolean;
  /** Its path, if it is a file. */
  readonly path: string | undefined;
}

/**
 * Opens a stream whose head may be replaced while it is read, by a re-wrap in place: if the head is malformed or the
 * commitment does not match, it is read once more. No key is called twice for the same head.
 *
 * @throws (rejects) the error of `read` or `open`; SealpipeError `ERR_SEALPIPE_LOCKED` instead if the journal of a
 * re-wrap lies beside the file
 */
export async function withSteadyHead<H extends { readonly header: StreamHeader }, T>({
  read,
  open,
  isPast,
  isSteady,
  path,
}: HeadWork<H, T>): Promise<T> {
  let first: H | undefined;
  try {
    first = await read();
    return await open(first);
  } catch (error) {
    if (!isSteady || isPast() || !mayBeTorn(error)) throw error;
    try {
      const second = await read();
      if (first !== undefined && hasSameRecipients(first.header, second.header)) throw error;
      return await open(second);
    } catch (again) {
      if (isPast() || !mayBeTorn(again)) throw again;
      throw (path === undefined ? undefined : await interruptedRewrap(path, again)) ?? again;
    }
  }
}

function hasSameRecipients(
  { recipients: ours }: StreamHeader,
  { recipients: theirs }: StreamHeader,
): boolean {
  return (
    ours.length === theirs.length &&
    ours.every(({ provider, key, wrapped }, i) => {
      const match = theirs[i]!;
      return match.provider === provider && match.key === key && equalBytes(match.wrapped, wrapped);
    })
  );
}
