import { SealpipeError } from '../../../errors.js';
import type { StoreFacts } from '../../store/errors/store-error.js';
import { alreadyExists, isNamed, isTransient, storeError } from '../../store/errors/store-error.js';
import type { CallOptions, StoreCalls } from '../../store/store-calls.js';
import type { Identity, StoredObject, Target } from './stored-object.js';
import { lookAt, lostToAnother, mayBeStored, outcomeUnknown } from './stored-object.js';

/** A write after which the object exists: PutObject, or CompleteMultipartUpload. */
export interface FinalWrite {
  readonly operation: 'PutObject' | 'CompleteMultipartUpload';
  readonly target: Target;
  readonly identity: Identity;
  /** Returns the members of the request; called for each try. */
  input(): Promise<object>;
  readonly options: CallOptions;
  /** The error to throw instead of the usual one; undefined for the usual one. */
  explain?(error: unknown, facts: StoreFacts): Error | undefined;
}

/** How often a completion is retried with a fresh list of its parts. */
const MOST_LISTS = 3;

export const NO_CONDITION =
  'The store does not know conditional writes: an object that was made since the upload began would have been replaced';

/**
 * Writes on condition that no object exists, unless it may be replaced. If the response was lost, finds out whether the
 * write was done: the object is ours if its size and salt match.
 *
 * @param warn called if the store does not support conditions
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_EXISTS` (412), `_CHANGED` (409), `_STORE`; an AbortError
 */
export async function writeFinally(
  calls: StoreCalls,
  write: FinalWrite,
  overwrite: boolean,
  warn: (warning: string) => void,
): Promise<StoredObject> {
  const { operation, target, identity, options } = write;
  let isConditional = !overwrite;
  let sent = 0;
  for (let lists = 1; ; ) {
    const condition = isConditional ? { IfNoneMatch: '*' } : {};
    const outcome = await calls.attempt<{ ETag?: string; VersionId?: string }>(
      operation,
      { ...(await write.input()), ...condition },
      { again: isWorthAnother(operation), ...options },
    );
    sent += outcome.tries;
    if (outcome.error === undefined) {
      return { etag: outcome.answer?.ETag, versionId: outcome.answer?.VersionId };
    }
    const { error, facts } = outcome;
    if (isConditional && isNamed(facts, 'NotImplemented', 501)) {
      isConditional = false;
      sent = 0;
      warn(NO_CONDITION);
      continue;
    }
    if (facts.name === 'InvalidPart' && lists++ < MOST_LISTS) continue;
    const sight = await lookAt(calls, target, identity);
    if (sight.is === 'ours') return sight.stored;
    const isUnclear = sight.is === 'hidden' && mayBeStored(facts, sent);
    if (isUnclear) throw outcomeUnknown(error);
    if (isNamed(facts, 'PreconditionFailed', 412)) throw alreadyExists(error);
    if (isNamed(facts, 'ConditionalRequestConflict', 409)) throw lostToAnother(error);
    if (facts.name === 'NoSuchUpload') throw uploadGone(error);
    throw write.explain?.(error, facts) ?? storeError(error, operation);
  }
}

/** After a conflict, a PutObject can be sent again; a multipart upload has to start again. */
function isWorthAnother(operation: FinalWrite['operation']): (facts: StoreFacts) => boolean {
  if (operation === 'PutObject') return isTransient;
  return (facts) => isTransient(facts) && !isNamed(facts, 'ConditionalRequestConflict', 409);
}

function uploadGone(error: unknown): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_CHANGED',
    'Somebody else ended the upload before it was complete: nothing was stored',
    { cause: storeError(error, 'CompleteMultipartUpload').cause, retryable: true },
  );
}
