import { equalBytes } from '../../bytes.js';
import type { StreamHeader } from '../../format/stream-header.js';
import { interruptedRewrap, mayBeTorn } from './interrupted-rewrap.js';

/** How a stream is opened whose head may be replaced at the same time. */
export interface HeadWork<H, T> {
  /** Reads the head, from the beginning. Called once more at most. */
  readonly read: () => Promise<H>;
  /** Opens what stands behind a head; called for the second one only if its recipients are others. */
  readonly open: (head: H) => Promise<T>;
  /** Whether a failure has nothing to do with the head: the commitment was met, or the work was given up. */
  readonly isPast: () => boolean;
  /** Whether the source can be read again. */
  readonly isSteady: boolean;
  /** Where it lies among the files, if it is one. */
  readonly path: string | undefined;
}

/**
 * Opens a stream whose head may be replaced while it is read, by a re-wrap in place: if it is malformed, or the
 * commitment is missed, the head is read once more. No key is called for the same one again.
 *
 * @throws (rejects) what `read` or `open` rejects with; SealpipeError `ERR_SEALPIPE_LOCKED` instead if the journal of a
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
