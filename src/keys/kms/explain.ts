import { SealpipeError } from '../../errors.js';
import { cleanCause } from './clean-cause.js';
import type { KmsErrorRow } from './error-row.js';
import { KMS_ERRORS } from './error-table.js';
import { KMS_KEY_STATES } from './key-states.js';

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
  /** What the request held that no error may show. */
  secrets(): readonly string[];
}

type Verdict = Pick<KmsErrorRow, 'code' | 'retryable' | 'advice'>;

/** Of an error as the SDK throws it. */
interface SdkError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly $fault?: unknown;
  readonly $response?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown } | undefined;
}

const BY_NAME: ReadonlyMap<string, KmsErrorRow> = new Map(KMS_ERRORS.map((row) => [row.name, row]));

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
  { from: 400, to: 400, ...unavailable(false, 'KMS refused the call. The cause says why') },
  { from: 0, to: 999, ...unavailable(false, 'what answered is not KMS. Check the endpoint and the proxy') },
];

const UNKNOWN: Verdict = unavailable(false, 'the call failed. The cause says why');

/** The row of the table for `error`: by its connection's error code, which the SDK gives another name, or its name. */
export function rowOf(error: unknown): KmsErrorRow | undefined {
  const { name, code } = asSdkError(error);
  return BY_NAME.get(String(code)) ?? BY_NAME.get(String(name));
}

/** Tells in our words why a call to KMS failed. Its message holds no key, no plaintext and no context value. */
export function explain(error: unknown, call: FailedCall): SealpipeError {
  const { code, retryable, advice } = verdictOn(error);
  const where = call.region === undefined ? '' : ` in ${call.region}`;
  const what = advice.replace('{action}', () => call.action);
  const cause = withoutAnswer(error, call.secrets());
  const message = `${call.operation} with ${call.key}${where}: ${what}${nameTag(cause)}`;
  return new SealpipeError(code, message, { cause, retryable });
}

function verdictOn(error: unknown): Verdict {
  const row = rowOf(error);
  if (row?.name === 'KMSInvalidStateException') {
    const said = String(asSdkError(error).message);
    const state = KMS_KEY_STATES.find((candidate) => candidate.said.test(said));
    return state === undefined ? row : { ...row, retryable: state.retryable, advice: state.advice };
  }
  if (row !== undefined) return row;
  const status = asSdkError(error).$metadata?.httpStatusCode;
  if (typeof status !== 'number') return UNKNOWN;
  return BY_STATUS.find(({ from, to }) => status >= from && status <= to) ?? UNKNOWN;
}

/** Of the cleaned cause: also a name may quote the request. */
function nameTag(error: unknown): string {
  const { name, code } = asSdkError(error);
  const tag = [code, name].find((text) => typeof text === 'string' && text !== 'Error');
  return typeof tag === 'string' && /^[A-Za-z0-9_.-]{1,80}$/.test(tag) ? ` (${tag})` : '';
}

/**
 * The SDK hangs the text of an answer that it could not read on its error, and the engine quotes from it in the
 * message: there may be a data key in it. Such an error becomes one that keeps its name, code, status and request id.
 */
function withoutAnswer(error: unknown, secrets: readonly string[]): unknown {
  const { name, code, $fault, $response, $metadata } = asSdkError(error);
  const couldNotRead = $fault === undefined && ($response !== undefined || name === 'SyntaxError');
  if (!couldNotRead) return cleanCause(error, secrets);
  const kept = new Error('The answer could not be read; it is not shown, since it may hold a key');
  kept.name = String(name);
  return cleanCause(Object.assign(kept, { $metadata }, typeof code === 'string' && { code }), secrets);
}

/** What is asked of an error, read once: nothing, where reading throws, as of a Proxy or of an accessor. */
function asSdkError(error: unknown): SdkError {
  if (typeof error !== 'object' || error === null) return {};
  try {
    const { name, code, message, $fault, $response, $metadata } = error as SdkError;
    return { name, code, message, $fault, $response, $metadata };
  } catch {
    return {};
  }
}

function unavailable(retryable: boolean, advice: string): Verdict {
  return { code: 'ERR_SEALPIPE_KEY_UNAVAILABLE', retryable, advice };
}

function denied(advice: string): Verdict {
  return { code: 'ERR_SEALPIPE_KEY_DENIED', retryable: false, advice };
}
