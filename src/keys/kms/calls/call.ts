import { pause, throwIfAborted } from '../../../abort.js';
import type { SealpipeError } from '../../../errors.js';
import { isMisuse, isSealpipeError } from '../../../errors.js';
import type { KmsOperation } from '../../own-command.js';
import type { KeyRequest } from '../../provider.js';
import type { KmsClientLike } from '../client-like.js';
import type { Route } from '../clients/clients.js';
import { commandFor } from '../clients/kms-sdk.js';
import type { Verdict } from '../errors/explain.js';
import { explain, verdictOn } from '../errors/explain.js';
import type { Settings } from '../settings.js';
import { timeLimit, withDeadline } from './deadline.js';
import type { KmsResponse } from './response.js';
import { wipeResponse } from './response.js';

/** One call to KMS. */
export interface KmsCall {
  readonly operation: KmsOperation;
  /** The IAM action or actions that the caller needs. */
  readonly action: string;
  /** The key as it is named to KMS. */
  readonly keyId: string;
  readonly request: KeyRequest;
  route(): Promise<Route>;
  /** Makes the input of the command. */
  input(): object;
}

/** A response, and the region that it came from. Its data key must be wiped: `wipeResponse`. */
export interface Served {
  readonly response: KmsResponse;
  readonly region: string;
}

/** The outcome of a call that failed. */
interface Failed {
  readonly error: SealpipeError;
  /** The key may be so new that KMS does not know it everywhere yet. */
  readonly mayBeNew: boolean;
}

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 4_000;

/**
 * Makes one call, under its deadline. It is repeated once after a forced refresh of expired credentials. For up to
 * `waitForNewKey`, it is also repeated while KMS may not know a new key yet, unless the stream has another recipient to
 * try, which may be the right one. Every failure is reported in our words.
 */
export async function callKms(
  call: KmsCall,
  { timeout, waitForNewKey }: Pick<Settings, 'timeout' | 'waitForNewKey'>,
): Promise<Served> {
  const { signal, attempts } = call.request;
  const isLast = attempts === undefined || attempts.left <= 1;
  const giveUpAt = (attempts?.since ?? performance.now()) + waitForNewKey;
  const what = `KMS ${call.operation} with ${call.keyId}`;
  for (let delay = FIRST_PAUSE; ; delay = Math.min(2 * delay, LONGEST_PAUSE)) {
    const outcome = await withDeadline(
      { timeout: timeLimit(timeout, waitForNewKey, attempts), signal, what },
      (signal) => attempt(call, signal),
      (late) => 'response' in late && wipeResponse(late.response),
    );
    if ('response' in outcome) return outcome;
    const left = giveUpAt - performance.now();
    if (!isLast || !outcome.mayBeNew || left <= 0) throw outcome.error;
    await pause(Math.min(delay, left), signal);
  }
}

async function attempt(call: KmsCall, signal: AbortSignal): Promise<Served | Failed> {
  let route: Route | undefined;
  for (let isRefreshed = false; ; isRefreshed = true) {
    try {
      route ??= await call.route();
      if (isRefreshed) await refreshCredentials(route.client);
      const command = await commandFor(route.client, call.operation, call.input());
      throwIfAborted(signal);
      const output = await route.client.send(command, { abortSignal: signal });
      return { response: asResponse(output), region: route.region };
    } catch (error) {
      if (isSealpipeError(error) || isMisuse(error)) throw error;
      const verdict = verdictOn(error, route?.region);
      const isStale = verdict.remedy === 'refresh' && route?.client.config.credentials !== undefined;
      if (!isStale || isRefreshed) return failed(call, route?.region, error, verdict);
    }
  }
}

async function refreshCredentials({ config }: KmsClientLike): Promise<void> {
  await config.credentials?.call(config, { forceRefresh: true });
}

function failed(call: KmsCall, region: string | undefined, error: unknown, verdict: Verdict): Failed {
  const { operation, action, keyId: key, request } = call;
  const details = { operation, action, key, region, encryptionContext: request.encryptionContext };
  return { error: explain(error, verdict, details), mayBeNew: verdict.remedy === 'wait' };
}

/** Reads each field exactly once, so that the data key that is checked is the one that is wiped. */
function asResponse(output: unknown): KmsResponse {
  const { KeyId, SourceKeyId, Plaintext, CiphertextBlob } = (output ?? {}) as KmsResponse;
  return { KeyId, SourceKeyId, Plaintext, CiphertextBlob };
}
