import { SealpipeError } from '../../../errors.js';
import type { StoreFacts } from '../../store/errors/store-error.js';
import { alreadyExists, storeCause, storeError } from '../../store/errors/store-error.js';
import type { StoreCalls } from '../../store/store-calls.js';

/** The name under which an object's metadata has the salt of its stream (FORMAT 1), in hex: it tells whose write it is. */
export const SALT_METADATA = 'sealpipe-salt';

/** What S3 says of an object that was stored. */
export interface StoredObject {
  readonly etag: string | undefined;
  readonly versionId: string | undefined;
}

/** The object that a stream becomes. */
export interface Target {
  readonly bucket: string;
  readonly key: string;
}

/** By what a stream's own object is known. */
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

/** What a look at the object shows. `hidden`: the store does not say. */
export type Sight =
  | { readonly is: 'ours'; readonly stored: StoredObject }
  | { readonly is: 'other' | 'absent' | 'hidden' };

/**
 * Refuses to go on if the object exists. Writers that may not look go on: the condition of the write itself protects
 * what is there.
 *
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_EXISTS`; `ERR_SEALPIPE_STORE` if the store does not answer
 */
export async function assertAbsent(calls: StoreCalls, { bucket, key }: Target): Promise<void> {
  const outcome = await calls.attempt('HeadObject', { Bucket: bucket, Key: key });
  if (outcome.error === undefined) throw alreadyExists();
  const { status } = outcome.facts;
  if (status !== 404 && status !== 403) throw storeError(outcome.error, 'HeadObject');
}

/** Looks whether the object is what was just sent, by its size and the salt in its metadata. Never rejects but for an abort. */
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

/** What a store says of an object that is there. */
export interface ObjectHead {
  /** Bytes; undefined where it does not say. */
  readonly size: number | undefined;
  readonly etag: string | undefined;
  /** Of the stream, in hex, as its writer named it; undefined if the metadata has none. */
  readonly salt: string | undefined;
}

/** Asks about an object. @throws (rejects) SealpipeError `ERR_SEALPIPE_STORE`, also if it is not there; an AbortError */
export async function headOf(calls: StoreCalls, { bucket, key }: Target): Promise<ObjectHead> {
  const answer = await calls.send<HeadAnswer>('HeadObject', { Bucket: bucket, Key: key });
  const { ContentLength, ETag, Metadata } = answer;
  return { size: ContentLength, etag: ETag, salt: Metadata?.[SALT_METADATA] };
}

/** Whether the store may have done what it gave no clear answer to. */
export function mayBeStored({ status }: StoreFacts, tries: number): boolean {
  return tries > 1 || status === undefined || status >= 500 || status < 400;
}

/** The error for a write of which nobody says whether it was done. */
export function outcomeUnknown(cause: unknown): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_STORE',
    'The answer to the last request was lost, and the store does not let the object be looked at: it is not known whether it was stored',
    {
      hint: 'Look at the object with an identity that may read it. Allowing s3:GetObject on it to this one lets it look by itself',
      cause: storeCause(cause),
      retryable: false,
    },
  );
}

/** The error for a write that lost against another one at the same time (409). */
export function lostToAnother(cause: unknown): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_CHANGED',
    'Another write to the same object was under way: nothing was stored here',
    { cause: storeCause(cause), retryable: true },
  );
}
