import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Recipient } from '../../src/format/stream-header.js';
import type { KeyProvider, KeyRequest } from '../../src/keys/provider.js';
import { PROMPTLY } from '../support/outcome.js';
import { keyRequest } from './key-request.js';

type Method = (provider: KeyProvider, recipient: Recipient, request: KeyRequest) => Promise<unknown>;

const METHODS: readonly (readonly [string, Method])[] = [
  ['generate', (provider, _, request) => provider.generate(request)],
  ['wrap', (provider, _, request) => provider.wrap(Buffer.alloc(32, 5), request)],
  ['unwrap', (provider, recipient, request) => provider.unwrap(recipient, request)],
];

/** The part of the contract that is about giving up. */
export function describeAbort(provider: () => KeyProvider): void {
  describe('when the signal is aborted', () => {
    const recipient = async (): Promise<Recipient> => (await provider().generate(keyRequest())).recipient;

    it.each(METHODS)('before, %s rejects with the reason as cause', async (_, call) => {
      const reason = new Error('the stream was destroyed');
      const request = keyRequest({ signal: AbortSignal.abort(reason) });
      await expect(call(provider(), await recipient(), request)).rejects.toMatchObject({
        name: 'AbortError',
        code: 'ABORT_ERR',
        cause: reason,
      });
    });

    it.each(METHODS)('during %s, it gives up at once or has its answer', async (_, call) => {
      const known = await recipient();
      const controller = new AbortController();
      const reason = new Error('the stream was destroyed');
      const pending = call(provider(), known, keyRequest({ signal: controller.signal }));
      const settled = pending.then(
        () => 'an answer',
        (error: unknown) => error,
      );
      controller.abort(reason);
      const since = performance.now();
      const outcome = await settled;
      expect(performance.now() - since).toBeLessThan(PROMPTLY);
      if (outcome !== 'an answer') expect(outcome).toMatchObject({ name: 'AbortError', cause: reason });
    });

    it.each(METHODS)('%s leaves no listener on it', async (_, call) => {
      const known = await recipient();
      const controller = new AbortController();
      await call(provider(), known, keyRequest({ signal: controller.signal }));
      expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    });
  });
}
