import { SealpipeError } from '../../../errors.js';
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
  /** The key as it was named to KMS. */
  readonly key: string;
  /** The region that was called; undefined where it did not come to that. */
  readonly region: string | undefined;
  /** Its values are never shown. */
  readonly encryptionContext: Readonly<Record<string, string>>;
}

type Verdict = Pick<KmsErrorRow, 'code' | 'retryable' | 'advice'>;

/** What is asked of an error, read once. */
interface Facts {
  readonly name: string | undefined;
  readonly code: string | undefined;
  readonly message: string;
  /** Of an HTTP answer. */
  readonly status: number | undefined;
  /** The SDK could not make sense of the answer. */
  readonly isUnreadable: boolean;
}

const BY_NAME: ReadonlyMap<string, KmsErrorRow> = new Map(KMS_ERRORS.map((row) => [row.name, row]));
/** The longest message that a key state is looked for in. */
const LONGEST = 4_096;

/** For errors whose name says nothing: the first row whose range holds the answer's status. */
const BY_STATUS: readonly (Verdict & { readonly from: number; readonly to: number })[] = [
  {
    from: 500,
    to: 599,
    ...unavailable(true, 'the host answered that it failed, and not as KMS does. Try again later'),
  },
  { from: 429, to: 429, ...unavailable(true, 'the host still throttles after the retries. Try again later') },
  {
    from: 401,
    to: 403,
    ...denied('the host forbids the call. Check the endpoint, its policy and the proxy'),
  },
  {
    from: 400,
    to: 400,
    ...unavailable(false, 'KMS refused the call, for a reason that is not known here. Look its name up'),
  },
  { from: 0, to: 999, ...unavailable(false, 'what answered is not KMS. Check the endpoint and the proxy') },
];

const UNKNOWN: Verdict = unavailable(
  false,
  'the client failed, and not as one of AWS does. What it said may quote the request and is not shown: log it in the client',
);

const UNREADABLE = 'The answer could not be read; it is not shown, since it may hold a key';

/** The row of the table for `error`: by its connection's error code, which the SDK gives another name, or its name. */
export function rowOf(error: unknown): KmsErrorRow | undefined {
  const { name, code } = factsOf(error);
  return BY_NAME.get(code ?? '') ?? BY_NAME.get(name ?? '');
}

/**
 * Tells in our words why a call to KMS failed. Neither message nor cause holds a key, plaintext or a context value.
 * Never throws, whatever `error` is.
 */
export function explain(error: unknown, call: FailedCall): SealpipeError {
  const facts = factsOf(error);
  const { code, retryable, advice } = verdictOn(error, facts);
  const where = call.region === undefined ? '' : ` in ${call.region}`;
  const what = advice.replace('{action}', () => call.action);
  const words = facts.isUnreadable ? () => UNREADABLE : wordsFor;
  const cause = cleanCause(error, Object.values(call.encryptionContext), words);
  const message = `${call.operation} with ${call.key}${where}: ${what}${nameTag(cause)}`;
  return new SealpipeError(code, message, { cause, retryable });
}

function verdictOn(error: unknown, { message, status }: Facts): Verdict {
  const row = rowOf(error);
  if (row?.name === 'KMSInvalidStateException') {
    const state = KMS_KEY_STATES.find(({ said }) => said.test(message));
    return state === undefined ? row : { ...row, retryable: state.retryable, advice: state.advice };
  }
  if (row !== undefined) return row;
  if (status === undefined) return UNKNOWN;
  return BY_STATUS.find(({ from, to }) => status >= from && status <= to) ?? UNKNOWN;
}

/** Of the cleaned cause: what is thrown may have any name. */
function nameTag(cause: Error & { readonly code?: unknown }): string {
  const tag = typeof cause.code === 'string' ? cause.code : cause.name;
  return tag === 'Error' ? '' : ` (${tag})`;
}

/** Nothing, where reading throws, as of a Proxy or of an accessor. */
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

function unavailable(retryable: boolean, advice: string): Verdict {
  return { code: 'ERR_SEALPIPE_KEY_UNAVAILABLE', retryable, advice };
}

function denied(advice: string): Verdict {
  return { code: 'ERR_SEALPIPE_KEY_DENIED', retryable: false, advice };
}
