import { SealpipeError } from '../../../errors.js';
import type { StoreFacts } from '../../store/errors/store-error.js';
import { alreadyExists, storeCause, storeError } from '../../store/errors/store-error.js';
import type { StoreCalls } from '../../store/store-calls.js';

/** The name under which an object's metadata has the salt of its stream (FORMAT 1), in hex: it identifies the write. */
export const SALT_METADATA = 'sealpipe-salt';

/** The response of S3 about a stored object. */
export interface StoredObject {
  readonly etag: string | undefined;
  readonly versionId: string | undefined;
}

/** The object that a stream becomes. */
export interface Target {
  readonly bucket: string;
  readonly key: string;
}

/** Identifies the object of a stream. */
export interface Identity {
  /** Bytes. */
  readonly size: number;
  /** Hex. */
  readonly salt: string;
}

interface HeadAnswer {
  readonly ContentLength?: number;
  readonly ETag?: string;
  readonly VersionId?: string;
  readonly Metadata?: Readonly<Record<string, string>>;
}

/** The result of looking at the object. `hidden`: the store does not tell. */
export type Sight =
  | { readonly is: 'ours'; readonly stored: StoredObject }
  | { readonly is: 'other' | 'absent' | 'hidden' };

/**
 * Fails if the object exists. Writers without the permission to look continue: the condition of the write protects an
 * existing object.
 *
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_EXISTS`; `ERR_SEALPIPE_STORE` if the store does not respond
 */
export async function assertAbsent(calls: StoreCalls, { bucket, key }: Target): Promise<void> {
  const outcome = await calls.attempt('HeadObject', { Bucket: bucket, Key: key });
  if (outcome.error === undefined) throw alreadyExists();
  const { status } = outcome.facts;
  if (status !== 404 && status !== 403) throw storeError(outcome.error, 'HeadObject');
}

/** Checks by size and salt whether the object is the one that was just sent. Rejects only if aborted. */
export async function lookAt(
  calls: StoreCalls,
  { bucket, key }: Target,
  { size, salt }: Identity,
): Promise<Sight> {
  const outcome = await calls.attempt<HeadAnswer>('HeadObject', { Bucket: bucket, Key: key });
  if (outcome.error !== undefined) return { is: outcome.facts.status === 404 ? 'absent' : 'hidden' };
  const { ContentLength, ETag, VersionId, Metadata } = outcome.answer!;
  if (ContentLength !== size || Metadata?.[SALT_METADATA] !== salt) return { is: 'other' };
  return { is: 'ours', stored: { etag: ETag, versionId: VersionId } };
}

/** What the store tells about an existing object. */
export interface ObjectHead {
  /** Bytes; undefined if the store does not tell. */
  readonly size: number | undefined;
  readonly etag: string | undefined;
  /** Salt of the stream in hex, from the metadata; undefined if they have none. */
  readonly salt: string | undefined;
}

/**
 * Looks at an object. @throws (rejects) SealpipeError `ERR_SEALPIPE_STORE`, also if it does not exist; an AbortError
 */
export async function headOf(calls: StoreCalls, { bucket, key }: Target): Promise<ObjectHead> {
  const answer = await calls.send<HeadAnswer>('HeadObject', { Bucket: bucket, Key: key });
  const { ContentLength, ETag, Metadata } = answer;
  return { size: ContentLength, etag: ETag, salt: Metadata?.[SALT_METADATA] };
}

/** Whether the store may have done the write although the response was unclear. */
export function mayBeStored({ status }: StoreFacts, tries: number): boolean {
  return tries > 1 || status === undefined || status >= 500 || status < 400;
}

/** The error for a write whose outcome is unknown. */
export function outcomeUnknown(cause: unknown): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_STORE',
    'The response to the last request was lost, and the store does not allow a check of the object: it is unknown whether it was stored',
    {
      hint: 'Look at the object with an identity that may read it. Allowing s3:GetObject on it to this one lets it look by itself',
      cause: storeCause(cause),
      retryable: false,
    },
  );
}

/** The error for a write that conflicted with a simultaneous one (409). */
export function lostToAnother(cause: unknown): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_CHANGED',
    'Another write to the same object was in progress: nothing was stored here',
    { cause: storeCause(cause), retryable: true },
  );
}
