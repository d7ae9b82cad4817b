import { isMisuse, isSealpipeError, SealpipeError } from '../../../errors.js';
import { REGION_NAME } from '../../../key-arn.js';
import { shownError } from '../../../text/foreign-error.js';
import type { Operation } from '../operations.js';
import { ACTIONS } from '../operations.js';
import type { StoreErrorRow } from './error-table.js';
import { STORE_ERRORS, STORE_STATUSES } from './error-table.js';

/** The properties of an error of the SDK that are used, read once. */
export interface StoreFacts {
  /** Undefined if it says nothing: a response without a body gets the name of its status. */
  readonly name: string | undefined;
  /** Of a failed connection. */
  readonly code: string | undefined;
  /** Of an HTTP response. */
  readonly status: number | undefined;
  /** The region of the bucket, according to the response. */
  readonly region: string | undefined;
  /** How often the SDK itself sent the request. */
  readonly attempts: number;
}

type Verdict = Omit<StoreErrorRow, 'names'>;

const ROWS: ReadonlyMap<string, StoreErrorRow> = new Map(
  STORE_ERRORS.flatMap((row) => row.names.map((name) => [name, row] as const)),
);
/** For a request that the store refuses because it asks for retention. */
const NO_LOCK: Verdict = {
  retryable: false,
  message: 'The bucket has no Object Lock, or does not take this retention',
  hint: 'Make a bucket with Object Lock, or leave out `objectLock`',
};
/** The client failed before a response arrived, or could not parse it. */
const UNKNOWN: Verdict = {
  retryable: false,
  message: 'The client failed; what it said is not shown, since it may quote the request',
  hint: "The client's own log may say more",
};

/** Reads the properties of an error of the SDK. Never throws, whatever `error` is. */
export function factsOf(error: unknown): StoreFacts {
  try {
    const { name, code, $metadata, $response } = Object(error) as Record<string, unknown>;
    const { httpStatusCode, attempts } = Object($metadata) as Record<string, unknown>;
    const headers = Object((Object($response) as Record<string, unknown>)['headers']) as Record<
      string,
      unknown
    >;
    const region = headers['x-amz-bucket-region'];
    return {
      name: typeof name === 'string' ? name : undefined,
      code: typeof code === 'string' ? code : undefined,
      status: typeof httpStatusCode === 'number' ? httpStatusCode : undefined,
      region: typeof region === 'string' && REGION_NAME.test(region) ? region : undefined,
      attempts: typeof attempts === 'number' ? attempts : 1,
    };
  } catch {
    return { name: undefined, code: undefined, status: undefined, region: undefined, attempts: 1 };
  }
}

/** Whether the same request may succeed when it is sent again. */
export function isTransient(facts: StoreFacts): boolean {
  return verdictOn(facts).retryable;
}

/** Whether a response has this error name or, if it has no body, this status. */
export function isNamed({ name, status }: StoreFacts, wanted: string, byStatus: number): boolean {
  if (name === wanted) return true;
  return status === byStatus && (name === undefined || !ROWS.has(name));
}

/**
 * The error for a failed request: an `ERR_SEALPIPE_STORE` with the name and status of the response and a message from a
 * list. Neither message nor cause quotes the store, which may repeat keys of objects and parts of the request. Errors
 * of this library are passed through.
 *
 * @param input of the request
 */
export function storeError(error: unknown, operation: Operation, input: object = {}): Error {
  if (isSealpipeError(error) || isMisuse(error) || isAbort(error)) return error as Error;
  const facts = factsOf(error);
  const isLock = facts.name === 'InvalidRequest' && 'ObjectLockMode' in input;
  const { retryable, message, hint } = isLock ? NO_LOCK : verdictOn(facts);
  return new SealpipeError('ERR_SEALPIPE_STORE', `${message} (S3 ${operation}${tagOf(facts)})`, {
    hint: hint?.replace('{action}', () => ACTIONS[operation]),
    cause: storeCause(error),
    retryable,
  });
}

/** The part of an error of the SDK that may be shown. */
export function storeCause(error: unknown): Error {
  return shownError(error, { name: (name) => ROWS.has(name) });
}

/** The object that was to be created exists (412 to `IfNoneMatch`). */
export function alreadyExists(cause?: unknown): SealpipeError {
  return new SealpipeError('ERR_SEALPIPE_EXISTS', 'The object already exists', {
    hint: 'To replace it, set `overwrite: true`',
    ...(cause !== undefined && { cause: storeCause(cause) }),
  });
}

function isAbort(error: unknown): boolean {
  const { name, code } = factsOf(error);
  return name === 'AbortError' && code === 'ABORT_ERR';
}

function verdictOn({ name, code, status }: StoreFacts): Verdict {
  const row = ROWS.get(code ?? '') ?? ROWS.get(name ?? '');
  if (row !== undefined) return row;
  if (status === undefined) return UNKNOWN;
  return STORE_STATUSES.find(({ from, to }) => status >= from && status <= to) ?? UNKNOWN;
}

/** The name and the status of the response: some servers send nothing else. */
function tagOf({ name, code, status }: StoreFacts): string {
  const known = [code, name].find((word) => word !== undefined && ROWS.has(word));
  const words = [known, status === undefined ? undefined : `status ${status}`].filter(
    (word) => word !== undefined,
  );
  return words.length === 0 ? '' : `: ${words.join(', ')}`;
}
