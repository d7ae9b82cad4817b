import { abortError, onAbort, pause, unlessAborted } from '../../abort.js';
import type { S3ClientLike } from '../client-like.js';
import { inRegion } from './clients/sibling-client.js';
import type { StoreFacts } from './errors/store-error.js';
import { factsOf, isTransient, storeError } from './errors/store-error.js';
import type { Operation } from './operations.js';
import { commandOf } from './operations.js';
import type { Pace } from './pace.js';
import { PACE, pauseAfter } from './pace.js';
import type { Payload, PayloadListener } from './requests/payload.js';
import { addPayload } from './requests/payload.js';
import { watchResponse } from './requests/response-watch.js';
import { StallWatch } from './requests/stall-watch.js';
import { discard } from './requests/unread-body.js';

/** Errors, with status 400, of a region that does not have the bucket. */
const REDIRECTS: ReadonlySet<string> = new Set([
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
]);

/** A request that is sent again. */
export interface Retry {
  readonly operation: Operation;
  /** How often it was sent by this library. */
  readonly tries: number;
  /** The name or code of the error, if it is known, and the status of the response. */
  readonly facts: StoreFacts;
}

/** Settings of all calls of one transfer. */
export interface CallSettings {
  /** Ends all of the calls. */
  readonly signal: AbortSignal;
  readonly onRetry?: ((retry: Retry) => void) | undefined;
  readonly pace?: Pace | undefined;
}

/** The client and region by which calls reach the bucket. */
interface Route {
  client: S3ClientLike;
  isRedirected: boolean;
}

/** One call. */
export interface CallOptions {
  readonly payload?: Payload | undefined;
  /** Which failures are retried. Default: transient ones. */
  readonly again?: ((facts: StoreFacts) => boolean) | undefined;
}

/** The outcome of a call. `tries`: how often it may have reached the store, the client's own retries included. */
export type Outcome<T> =
  | { readonly answer: T; readonly tries: number; readonly error?: undefined }
  | {
      readonly answer?: undefined;
      readonly tries: number;
      readonly error: unknown;
      readonly facts: StoreFacts;
    };

/**
 * Calls a store through the caller's client: with retries besides the client's own, an end to stalled requests, and
 * redirects to the region of the bucket. A payload must not change before its call has settled.
 */
export class StoreCalls {
  readonly #settings: CallSettings;
  readonly #pace: Pace;
  #route: Route;

  constructor(client: S3ClientLike, settings: CallSettings) {
    this.#route = { client, isRedirected: false };
    this.#settings = settings;
    this.#pace = settings.pace ?? PACE;
  }

  /** The caller's client, or its sibling in the region of the bucket. */
  get client(): S3ClientLike {
    return this.#route.client;
  }

  /** Ends all calls. */
  get signal(): AbortSignal {
    return this.#settings.signal;
  }

  /** Calls with another signal, such as those that clean up after an abort. Both share the known region. */
  under(signal: AbortSignal): StoreCalls {
    const calls = new StoreCalls(this.client, { ...this.#settings, signal });
    calls.#route = this.#route;
    return calls;
  }

  /** Sends until there is a response. @throws (rejects) the error of `storeError`; an AbortError */
  async send<T>(operation: Operation, input: object, options: CallOptions = {}): Promise<T> {
    const outcome = await this.attempt<T>(operation, input, options);
    if (outcome.error !== undefined) throw storeError(outcome.error, operation, input);
    return outcome.answer as T;
  }

  /** Sends until there is a response, and returns refusals as well. @throws (rejects) an AbortError */
  async attempt<T>(operation: Operation, input: object, options: CallOptions = {}): Promise<Outcome<T>> {
    const { again = isTransient } = options;
    let sent = 0;
    for (let tries = 1; ; tries++) {
      const { client } = this;
      try {
        const answer = await this.#once(client, operation, input, options.payload);
        return { answer: answer as T, tries: sent + 1 };
      } catch (error) {
        if (this.#settings.signal.aborted) throw abortError(this.#settings.signal);
        const facts = factsOf(error);
        sent += facts.attempts;
        if (await this.#redirect(client, facts)) continue;
        if (tries >= this.#pace.tries || !again(facts))
          return { error: error ?? new Error(), facts, tries: sent };
        this.#settings.onRetry?.({ operation, tries, facts });
        await pause(pauseAfter(tries, this.#pace), this.#settings.signal);
      }
    }
  }

  async #once(
    client: S3ClientLike,
    operation: Operation,
    input: object,
    payload: Payload | undefined,
  ): Promise<unknown> {
    const { signal } = this.#settings;
    const command = await commandOf(
      operation,
      payload === undefined ? input : { ...input, Body: payload.bytes },
    );
    if (signal.aborted) throw abortError(signal);
    const cancel = new AbortController();
    let isStalled = false;
    const watch = new StallWatch(this.#pace.stallAfter, () => {
      isStalled = true;
      cancel.abort();
    });
    const settled = onAbort(signal, () => cancel.abort());
    let isTaken = false;
    const connections: (() => void)[] = [];
    const listener: PayloadListener = {
      taken: (letGo) => {
        isTaken = true;
        if (letGo !== undefined) connections.push(letGo);
      },
      moved: () => watch.moved(),
      handedOver: () => watch.handedOver(),
    };
    try {
      if (payload !== undefined) addPayload(command, payload, listener, client);
      if (operation === 'CompleteMultipartUpload') watchResponse(command, () => watch.moved());
      const sending = client.send(command, { abortSignal: cancel.signal });
      // A client may wait for credentials that never arrive; but while it sends a payload, it has to release the bytes
      // first.
      return await unlessAborted(sending, cancel.signal, discardAnswer).catch((error) => {
        if (isTaken) return sending;
        throw error;
      });
    } catch (error) {
      throw isStalled ? stalled() : error;
    } finally {
      // The bytes may change from now on. A server that responded before it had all of them must not receive the rest.
      for (const letGo of connections) letGo();
      settled();
      watch.end();
    }
  }

  /** Switches once to the region of the bucket that the store names. */
  async #redirect(client: S3ClientLike, { region, status, name }: StoreFacts): Promise<boolean> {
    if (region === undefined) return false;
    const isElsewhere = status === 301 || status === 307 || REDIRECTS.has(name ?? '');
    if (!isElsewhere || (await client.config.region()) === region) return false;
    // Another call may have switched before.
    if (client !== this.client) return true;
    const sibling = this.#route.isRedirected ? undefined : inRegion(client, region);
    if (sibling === undefined) return false;
    this.#route.client = sibling;
    this.#route.isRedirected = true;
    return true;
  }
}

/** Discards a response that arrives after the wait has ended. */
function discardAnswer(answer: unknown): void {
  discard((Object(answer) as { readonly Body?: unknown }).Body);
}

function stalled(): Error {
  const error = new Error('No byte moved');
  error.name = 'StalledError';
  return error;
}
