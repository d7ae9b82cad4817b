import { pause } from '../../../abort.js';
import { SealpipeError } from '../../../errors.js';
import type { StoreFacts } from '../../store/errors/store-error.js';
import { storeError } from '../../store/errors/store-error.js';
import type { Outcome, StoreCalls } from '../../store/store-calls.js';
import { MOST_PARTS } from '../parts/part-plan.js';
import type { Target } from './stored-object.js';

/** A part in a listing of the store. */
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

/** How often an upload is aborted again, because parts in flight may arrive after an abort. */
const MOST_ABORTS = 8;
const PAUSE = 250;

/** An open multipart upload of the store. */
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
    for (const part of page.Parts ?? []) parts.push(part);
    marker = nextOf(page, marker);
  } while (marker !== undefined);
  return parts;
}

/** Part numbers must increase and are limited, so the list ends whatever the store sends. */
function nextOf({ IsTruncated, NextPartNumberMarker: next }: PartsPage, before = '0'): string | undefined {
  if (IsTruncated !== true) return undefined;
  if (next !== undefined && Number(next) > Number(before) && Number(next) <= MOST_PARTS) return next;
  throw new SealpipeError(
    'ERR_SEALPIPE_STORE',
    'The list of parts continues, but the store does not say where',
  );
}

/**
 * Aborts an upload repeatedly until the store has no part of it.
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
    // Without the permission to list, the abort itself may still have worked.
    if (listed.error !== undefined) return isGone(listed.facts) || listed.facts.status === 403;
    await pause(PAUSE * aborts, signal);
  }
  return false;
}

interface UploadsPage {
  readonly Uploads?: readonly { readonly Key?: string; readonly UploadId?: string }[];
}

/**
 * Aborts uploads of one object that a killed process has left, as far as the store allows it. For callers that know
 * that nobody else uploads that object. Rejects only if aborted.
 */
export async function abortLeftOpen(
  calls: StoreCalls,
  { bucket, key }: Target,
  signal: AbortSignal,
): Promise<void> {
  const listed = await calls.attempt<UploadsPage>('ListMultipartUploads', { Bucket: bucket, Prefix: key });
  for (const { Key, UploadId } of listed.answer?.Uploads ?? []) {
    if (Key !== key || UploadId === undefined) continue;
    await abortUpload(calls, { bucket, key, uploadId: UploadId }, signal);
  }
}

/** Amazon says NoSuchUpload, Ceph NoSuchKey. */
function isGone({ name, status }: StoreFacts): boolean {
  return name === 'NoSuchUpload' || name === 'NoSuchKey' || status === 404;
}
