import { pause } from '../../../abort.js';
import type { Outcome, StoreCalls } from '../../store/store-calls.js';
import type { StoreFacts } from '../../store/store-error.js';
import { storeError } from '../../store/store-error.js';
import type { Target } from './stored-object.js';

/** A part as the store lists it. */
export interface ListedPart {
  readonly PartNumber?: number;
  readonly Size?: number;
  readonly ETag?: string;
  readonly [checksum: string]: unknown;
}

interface PartsPage {
  readonly Parts?: readonly ListedPart[];
  readonly IsTruncated?: boolean;
  readonly NextPartNumberMarker?: string;
}

/** Parts that are in flight while their upload is aborted may come after that: so often it is aborted again. */
const MOST_ABORTS = 8;
const PAUSE = 250;

/** One multipart upload that the store has open. */
export interface OpenUpload extends Target {
  readonly uploadId: string;
}

/**
 * Every part of an upload that the store has; undefined for a caller who may not list them.
 *
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_STORE`; an AbortError
 */
export async function listParts(
  calls: StoreCalls,
  { bucket, key, uploadId }: OpenUpload,
): Promise<ListedPart[] | undefined> {
  const parts: ListedPart[] = [];
  let marker: string | undefined;
  do {
    const outcome: Outcome<PartsPage> = await calls.attempt('ListParts', {
      Bucket: bucket,
      Key: key,
      UploadId: uploadId,
      ...(marker !== undefined && { PartNumberMarker: marker }),
    });
    if (outcome.error !== undefined) {
      if (outcome.facts.status === 403) return undefined;
      throw storeError(outcome.error, 'ListParts');
    }
    const page = outcome.answer as PartsPage;
    parts.push(...(page.Parts ?? []));
    marker = page.IsTruncated ? page.NextPartNumberMarker : undefined;
  } while (marker !== undefined);
  return parts;
}

/**
 * Aborts an upload, again and again until the store has no part of it any more.
 *
 * @returns false if parts may be left
 */
export async function abortUpload(
  calls: StoreCalls,
  { bucket, key, uploadId }: OpenUpload,
  signal: AbortSignal,
): Promise<boolean> {
  const input = { Bucket: bucket, Key: key, UploadId: uploadId };
  for (let aborts = 1; aborts <= MOST_ABORTS; aborts++) {
    const aborted = await calls.attempt('AbortMultipartUpload', input);
    if (aborted.error !== undefined) return isGone(aborted.facts);
    const listed = await calls.attempt('ListParts', input);
    // Who may not list has aborted all the same.
    if (listed.error !== undefined) return isGone(listed.facts) || listed.facts.status === 403;
    await pause(PAUSE * aborts, signal);
  }
  return false;
}

/** Amazon says NoSuchUpload, Ceph NoSuchKey. */
function isGone({ name, status }: StoreFacts): boolean {
  return name === 'NoSuchUpload' || name === 'NoSuchKey' || status === 404;
}
