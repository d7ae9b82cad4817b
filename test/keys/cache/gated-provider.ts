import { randomBytes } from 'node:crypto';
import type { GeneratedKey, KeyProvider, KeyRequest } from '../../../src/keys/provider.js';
import { rawKey } from '../../../src/keys/raw.js';
import { altered } from '../../support/altered-provider.js';

/** A provider whose calls wait until they are let go. */
export interface Gated {
  readonly provider: KeyProvider;
  /** The requests of the calls that were made, in order. */
  readonly requests: KeyRequest[];
  /** The data keys that were handed out: the very memory. */
  readonly given: Uint8Array[];
  /** Lets the calls go that wait now, and those to come. */
  open(): void;
  /** Lets the calls that wait fail, and those to come go. */
  fail(error: unknown): void;
}

/** `base`, whose generate and unwrap answer after `open`, whatever becomes of their signals. */
export function gated(base: KeyProvider = rawKey({ name: 'gated', key: randomBytes(32) })): Gated {
  const requests: KeyRequest[] = [];
  const given: Uint8Array[] = [];
  let open = (): void => undefined;
  let fail = (_: unknown): void => undefined;
  const gate = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  gate.catch(() => undefined);
  const deaf = ({ signal: _, ...request }: KeyRequest): KeyRequest => ({
    ...request,
    signal: new AbortController().signal,
  });
  const through = async <T>(request: KeyRequest, call: (request: KeyRequest) => Promise<T>): Promise<T> => {
    requests.push(request);
    await gate;
    return call(deaf(request));
  };
  const provider = altered(base, {
    generate: (request: KeyRequest): Promise<GeneratedKey> =>
      through(request, async (late) => {
        const made = await base.generate(late);
        given.push(made.dataKey);
        return made;
      }),
    unwrap: (...[recipient, request]: Parameters<KeyProvider['unwrap']>): Promise<Uint8Array> =>
      through(request, async (late) => {
        const dataKey = await base.unwrap(recipient, late);
        given.push(dataKey);
        return dataKey;
      }),
  });
  return { provider, requests, given, open, fail };
}
