import { SealpipeError } from '../../errors.js';

/** One state of an object, which every response must match. */
export interface ObjectPin {
  /** In the form of the store. */
  readonly etag: string;
  /** Undefined if the store names none, in a bucket without versions. */
  readonly versionId: string | undefined;
  /** Bytes. */
  readonly size: number;
}

/** A range of bytes; `end` is exclusive, and undefined means the end of the object. */
export interface ObjectRange {
  readonly start: number;
  readonly end: number | undefined;
}

/** The part of the SDK's output of GetObject and HeadObject that is used. All of it is checked before use. */
export interface ObjectOutput {
  readonly Body?: unknown;
  readonly ETag?: unknown;
  readonly VersionId?: unknown;
  readonly ContentRange?: unknown;
  readonly ContentLength?: unknown;
}

const CONTENT_RANGE = /^bytes ([0-9]{1,16})-([0-9]{1,16})\/([0-9]{1,16})$/;

/**
 * The range of a response.
 *
 * @throws SealpipeError `ERR_SEALPIPE_STORE` if it is missing, or is not the requested one
 */
export function answeredPart(
  output: ObjectOutput,
  asked: ObjectRange,
): { readonly pin: ObjectPin; readonly end: number } {
  const { start, end, size } = placeOf(output);
  if (start !== asked.start || end !== Math.min(asked.end ?? size, size)) {
    throw storeFault('The store sent other bytes of the object than requested');
  }
  if (typeof output.ContentLength === 'number' && output.ContentLength !== end - start) {
    throw storeFault('The store sent a length that does not match the requested bytes');
  }
  return { pin: pinOf(output, size), end };
}

/**
 * The state of the object in a response.
 *
 * @throws SealpipeError `ERR_SEALPIPE_STORE` if it has no ETag
 */
export function pinOf({ ETag, VersionId }: ObjectOutput, size: number): ObjectPin {
  if (typeof ETag !== 'string' || ETag === '') {
    throw storeFault('The store sent no ETag of the object, so a change could not be detected');
  }
  return { etag: ETag, versionId: typeof VersionId === 'string' ? VersionId : undefined, size };
}

/** Whether two responses are about the same state. Some servers sometimes omit the quotes of an ETag. */
export function isSamePin(one: ObjectPin, other: ObjectPin): boolean {
  return (
    one.size === other.size &&
    one.etag.replaceAll('"', '') === other.etag.replaceAll('"', '') &&
    // The version of an object that is older than the versioning of its bucket is `null`.
    (one.versionId ?? 'null') === (other.versionId ?? 'null')
  );
}

/** The store does not behave like S3: another try would get the same response. */
export function storeFault(message: string): SealpipeError {
  return new SealpipeError('ERR_SEALPIPE_STORE', message, {
    hint: 'Look for a cache or a proxy between this machine and the store',
    retryable: false,
  });
}

function placeOf({ ContentRange, ContentLength }: ObjectOutput): {
  start: number;
  end: number;
  size: number;
} {
  if (ContentRange === undefined) {
    if (isLength(ContentLength)) return { start: 0, end: ContentLength, size: ContentLength };
    throw storeFault('The store does not say how long the object is');
  }
  const [, first, last, size] = CONTENT_RANGE.exec(String(ContentRange)) ?? [];
  const place = { start: Number(first), end: Number(last) + 1, size: Number(size) };
  if (place.start < place.end && place.end <= place.size && isLength(place.size)) return place;
  throw storeFault('The store does not say which bytes of the object it sent');
}

function isLength(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
