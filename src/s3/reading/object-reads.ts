import { isSealpipeError, SealpipeError } from '../../errors.js';
import { sourceChanged } from '../../sources/versioned-source.js';
import type { StoreFacts } from '../store/errors/store-error.js';
import { isNamed, storeCause, storeError } from '../store/errors/store-error.js';
import { discard } from '../store/requests/unread-body.js';
import type { StoreCalls } from '../store/store-calls.js';
import type { ObjectOutput, ObjectPin, ObjectRange } from './object-pin.js';
import { answeredPart, isSamePin, storeFault } from './object-pin.js';
import type { ObjectPlace } from './object-place.js';

/** A part of an object that is being read. */
export interface OpenedPart {
  /** The body from the client, which must be read or destroyed unless the part is empty. */
  readonly body: unknown;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly pin: ObjectPin;
}

/**
 * Reads parts of one object in one state. The first response decides the state: from then on, every request carries its
 * ETag and, if it has one, its version, and every response is compared before a byte of it is used, since some servers
 * ignore conditions.
 */
export class ObjectReads {
  readonly #place: ObjectPlace;
  #pin: ObjectPin | undefined;
  /** Whether requests name the version of the first response, which needs another permission. */
  #namesVersion = true;

  constructor(place: ObjectPlace) {
    this.#place = place;
  }

  /** The state that is read; undefined before the first response. */
  get pin(): ObjectPin | undefined {
    return this.#pin;
  }

  /**
   * Requests a part.
   *
   * @param calls with the signal of this read
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_CHANGED` if the object has changed; `ERR_SEALPIPE_STORE`; an
   * AbortError
   */
  async open(calls: StoreCalls, range: ObjectRange): Promise<OpenedPart> {
    const { start } = range;
    const output = await this.#get(calls, range);
    if (output === undefined) return { body: undefined, start: 0, end: 0, pin: EMPTY };
    try {
      const { pin, end } = answeredPart(output, range);
      this.#check(pin);
      this.#pin ??= pin;
      if (end === start) discard(output.Body);
      return { body: output.Body, start, end, pin };
    } catch (error) {
      discard(output.Body);
      throw error;
    }
  }

  /** Undefined for an empty object, for which a store returns no range. */
  async #get(calls: StoreCalls, { start, end }: ObjectRange): Promise<ObjectOutput | undefined> {
    const pin = this.#pin;
    const VersionId = this.#place.versionId ?? (this.#namesVersion ? pin?.versionId : undefined);
    const outcome = await calls.attempt<ObjectOutput>('GetObject', {
      Bucket: this.#place.bucket,
      Key: this.#place.key,
      Range: `bytes=${start}-${end === undefined ? '' : end - 1}`,
      ...(pin !== undefined && { IfMatch: pin.etag }),
      ...(VersionId !== undefined && { VersionId }),
    });
    if (outcome.error === undefined) return Object(outcome.answer) as ObjectOutput;
    const { error, facts } = outcome;
    if (pin === undefined) {
      if (start === 0 && isNamed(facts, 'InvalidRange', 416)) return undefined;
      throw readError(error, facts, this.#place);
    }
    if (facts.status === 403 && VersionId !== this.#place.versionId) {
      // The version of the response is compared nevertheless.
      this.#namesVersion = false;
      return this.#get(calls, { start, end });
    }
    if (facts.status === 412 || facts.status === 404 || facts.status === 416) {
      throw sourceChanged('The object', storeCause(error));
    }
    throw readError(error, facts, this.#place);
  }

  #check(pin: ObjectPin): void {
    const { versionId } = this.#place;
    if (versionId !== undefined && pin.versionId !== versionId) {
      throw storeFault('The store sent another version of the object than requested');
    }
    if (this.#pin !== undefined && !isSamePin(this.#pin, pin)) throw sourceChanged('The object');
  }
}

const EMPTY: ObjectPin = { etag: '', versionId: undefined, size: 0 };

/** Adds a hint: to a reader who may not list the bucket, a missing object looks forbidden. */
export function readError(error: unknown, facts: StoreFacts, { versionId }: ObjectPlace): Error {
  const told = storeError(error, 'GetObject');
  if (
    facts.status !== 403 ||
    !isSealpipeError(told) ||
    !/AccessDenied|^403$|Unknown/.test(facts.name ?? '')
  ) {
    return told;
  }
  const action = versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
  return new SealpipeError(told.code, told.message, {
    hint: `Allow ${action} in the IAM policy and in the bucket policy; without s3:ListBucket, a missing object gets the same response`,
    cause: told.cause,
    retryable: told.retryable,
  });
}
