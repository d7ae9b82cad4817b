import { throwIfAborted } from '../../../abort.js';
import { isMisuse, isSealpipeError } from '../../../errors.js';
import type { KeyRequest } from '../../provider.js';
import type { KmsClientLike } from '../client-like.js';
import type { Route } from '../clients/clients.js';
import { explain, rowOf } from '../errors/explain.js';
import type { Settings } from '../settings.js';
import { pause, timeLimit, withDeadline } from './deadline.js';
import type { Answer } from './response.js';
import { wipeAnswer } from './response.js';

/** One call to KMS. */
export interface KmsCall {
  readonly operation: 'GenerateDataKey' | 'Encrypt' | 'Decrypt' | 'ReEncrypt';
  /** The IAM action or actions that the caller needs. */
  readonly action: string;
  /** The key as it is named to KMS. */
  readonly keyId: string;
  readonly request: KeyRequest;
  route(): Promise<Route>;
  command(): object;
}

/** The answer and the region that gave it. The answer's data key is to be wiped: `wipeAnswer`. */
export interface Answered {
  readonly answer: Answer;
  readonly region: string;
}

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 4_000;

/**
 * Makes one call under its deadline: once, or again after a forced refresh of expired credentials, or, as long as the
 * caller said, while KMS does not know a new key yet: not if a stream has another recipient to try, which may be the
 * good one. Every failure comes out in our words.
 */
export async function callKms(
  call: KmsCall,
  { timeout, waitForNewKey }: Pick<Settings, 'timeout' | 'waitForNewKey'>,
): Promise<Answered> {
  const { signal, attempts } = call.request;
  const isLast = attempts === undefined || attempts.left <= 1;
  const giveUpAt = (attempts?.since ?? performance.now()) + waitForNewKey;
  const what = `${call.operation} with ${call.keyId}`;
  for (let delay = FIRST_PAUSE; ; delay = Math.min(2 * delay, LONGEST_PAUSE)) {
    try {
      return await withDeadline(
        { timeout: timeLimit(timeout, waitForNewKey, attempts), signal, what },
        (signal) => attempt(call, signal),
        (late) => wipeAnswer(late.answer),
      );
    } catch (error) {
      const left = giveUpAt - performance.now();
      const mayBeNew = rowOf((error as Error).cause)?.remedy === 'wait';
      if (!isLast || !mayBeNew || left <= 0) throw error;
      await pause(Math.min(delay, left), signal);
    }
  }
}

async function attempt(call: KmsCall, signal: AbortSignal): Promise<Answered> {
  let region: string | undefined;
  try {
    const route = await call.route();
    region = route.region;
    throwIfAborted(signal);
    return { answer: await sendFresh(route.client, call.command(), signal), region };
  } catch (error) {
    if (isSealpipeError(error) || isMisuse(error)) throw error;
    const { operation, action, keyId: key, request } = call;
    throw explain(error, { operation, action, key, region, encryptionContext: request.encryptionContext });
  }
}

/** Sends, and once more after a forced refresh if AWS says that the credentials have expired. */
async function sendFresh(client: KmsClientLike, command: object, signal: AbortSignal): Promise<Answer> {
  try {
    return asAnswer(await client.send(command, { abortSignal: signal }));
  } catch (error) {
    const { credentials } = client.config;
    if (rowOf(error)?.remedy !== 'refresh' || credentials === undefined) throw error;
    await credentials.call(client.config, { forceRefresh: true });
    throwIfAborted(signal);
    return asAnswer(await client.send(command, { abortSignal: signal }));
  }
}

function asAnswer(output: unknown): Answer {
  return typeof output === 'object' && output !== null ? output : {};
}
