import { SealpipeError } from '../../../errors.js';
import { LOCAL_REGION } from '../../../key-arn.js';
import { cleanCause } from './clean-cause.js';
import type { KmsErrorRow } from './error-row.js';
import { KMS_ERRORS } from './error-table.js';
import { KMS_KEY_STATES } from './key-states.js';
import { wordsFor } from './known-messages.js';

/** Which call failed. */
export interface FailedCall {
  /** `GenerateDataKey`, … */
  readonly operation: string;
  /** `kms:GenerateDataKey`, … */
  readonly action: string;
  /** The key as it was named in the request. */
  readonly key: string;
  /** The region that was called; undefined if no region was called. */
  readonly region: string | undefined;
  /** Its values are never shown. */
  readonly encryptionContext: Readonly<Record<string, string>>;
}

/** The row of the table for an error. */
export type Verdict = Omit<KmsErrorRow, 'name'>;

/** The properties of an error that are used, read once. */
interface Facts {
  readonly name: string | undefined;
  readonly code: string | undefined;
  readonly message: string;
  /** Of an HTTP response. */
  readonly status: number | undefined;
  /** The SDK could not parse the response. */
  readonly isUnreadable: boolean;
}

const BY_NAME: ReadonlyMap<string, KmsErrorRow> = new Map(KMS_ERRORS.map((row) => [row.name, row]));
/** The longest message that is searched for a key state. */
const LONGEST = 4_096;

/** For errors whose name says nothing: the first row whose range holds the status of the response. */
const BY_STATUS: readonly (Verdict & { readonly from: number; readonly to: number })[] = [
  {
    from: 500,
    to: 599,
    ...unavailable(true, 'the host reported a failure, but not in the form that KMS uses', 'Try again later'),
  },
  {
    from: 429,
    to: 429,
    ...unavailable(true, 'the host still throttles after the retries', 'Try again later'),
  },
  {
    from: 401,
    to: 403,
    code: 'ERR_SEALPIPE_KEY_DENIED',
    retryable: false,
    message: 'the host forbids the call',
    hint: 'Check the endpoint, its policy and the proxy',
  },
  {
    from: 400,
    to: 400,
    ...unavailable(
      false,
      'KMS refused the call for a reason that this library does not know',
      'Look up the name of the error',
    ),
  },
  {
    from: 0,
    to: 999,
    ...unavailable(false, 'the host that answered is not KMS', 'Check the endpoint and the proxy'),
  },
];

const UNKNOWN: Verdict = unavailable(
  false,
  'the client failed with an error that AWS clients do not have. Its message is not shown, because it may quote the request',
  "The client's own log may say more",
);

/** The embedded KMS knows no policies: it denies access to key material that it does not have. */
const MATERIAL_MISSING: Pick<Verdict, 'message' | 'hint'> = {
  message:
    'the secret that sealed the stream is missing: it was added by a rotation that this copy of the keys does not include',
  hint: 'Restore a newer copy',
};

const UNREADABLE = 'The response could not be read. It is not shown, because it may contain a key';

/**
 * Tells in our words why a call to KMS failed. Neither message nor cause holds a key, plaintext or a context value.
 * Never throws, whatever `error` is.
 */
export function explain(error: unknown, verdict: Verdict, call: FailedCall): SealpipeError {
  const { operation, action, key, region, encryptionContext } = call;
  const where = region === undefined ? '' : ` in ${region}`;
  const words = factsOf(error).isUnreadable ? () => UNREADABLE : wordsFor;
  const cause = cleanCause(error, Object.values(encryptionContext), words);
  return new SealpipeError(
    verdict.code,
    `KMS ${operation} with ${key}${where}: ${verdict.message}${nameTag(cause)}`,
    {
      hint: verdict.hint?.replace('{action}', () => action),
      cause,
      retryable: verdict.retryable,
    },
  );
}

/**
 * Looks an error up in the table: by the error code of its connection (which the SDK renames), by its name, or by the
 * status of the response. Never throws, whatever `error` is.
 *
 * @param region the region that was called, if any
 */
export function verdictOn(error: unknown, region: string | undefined): Verdict {
  const { name, code, message, status } = factsOf(error);
  const row = BY_NAME.get(code ?? '') ?? BY_NAME.get(name ?? '');
  if (row?.name === 'KMSInvalidStateException') {
    const state = KMS_KEY_STATES.find(({ said }) => said.test(message));
    return state === undefined
      ? row
      : { ...row, retryable: state.retryable, message: state.message, hint: state.hint };
  }
  if (row?.name === 'AccessDeniedException' && region === LOCAL_REGION)
    return { ...row, ...MATERIAL_MISSING };
  if (row !== undefined) return row;
  if (status === undefined) return UNKNOWN;
  return BY_STATUS.find(({ from, to }) => status >= from && status <= to) ?? UNKNOWN;
}

/** The name of the cleaned cause: a thrown value may have any name. */
function nameTag(cause: Error & { readonly code?: unknown }): string {
  const tag = typeof cause.code === 'string' ? cause.code : cause.name;
  return tag === 'Error' ? '' : ` (${tag})`;
}

/** Nothing if reading throws, like that of a Proxy or an accessor. */
function factsOf(error: unknown): Facts {
  try {
    const { name, code, message, $fault, $response, $metadata } = Object(error) as Record<string, unknown>;
    const status = (Object($metadata) as Record<string, unknown>)['httpStatusCode'];
    return {
      name: typeof name === 'string' ? name : undefined,
      code: typeof code === 'string' ? code : undefined,
      message: typeof message === 'string' ? message.slice(0, LONGEST) : '',
      status: typeof status === 'number' ? status : undefined,
      isUnreadable: $fault === undefined && ($response !== undefined || name === 'SyntaxError'),
    };
  } catch {
    return { name: undefined, code: undefined, message: '', status: undefined, isUnreadable: false };
  }
}

function unavailable(retryable: boolean, message: string, hint: string): Verdict {
  return { code: 'ERR_SEALPIPE_KEY_UNAVAILABLE', retryable, message, hint };
}
