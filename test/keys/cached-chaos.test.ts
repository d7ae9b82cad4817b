import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cachedKeys } from '../../src/keys/cached.js';
import { keyRequest } from '../conformance/key-request.js';
import { expectQuietProcess, turns } from '../support/quiet-process.js';
import { Chaos, STEPS } from './cached-chaos.js';
import { ChaoticProvider } from './chaotic-provider.js';
import { forgetCopies } from './recorded-copies.js';

vi.mock('../../src/bytes.js', async (original) =>
  (await import('./recorded-copies.js')).recording(await original()),
);

expectQuietProcess();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('whatever happens to cached keys', () => {
  test('every waiter settles, no key is used beyond its limits or stays unwiped, no call is made for nobody', async () => {
    await fc.assert(
      fc.asyncProperty(STEPS, async (steps) => {
        forgetCopies();
        await new Chaos().run(steps);
      }),
      { numRuns: 200 },
    );
  });

  test('those who ask at the same time get as few calls as the limits allow', async () => {
    const asks = fc.array(fc.record({ tenant: fc.nat(3), leaves: fc.boolean() }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(asks, fc.integer({ min: 1, max: 7 }), async (streams, maxStreams) => {
        const provider = new ChaoticProvider();
        const keys = cachedKeys(provider, { maxAge: 100, maxStreams, maxBytes: 1 });
        const asked = streams.map(({ tenant, leaves }) => {
          const controller = new AbortController();
          const context = { tenant: String(tenant) };
          const key = keys.generate(keyRequest({ context, signal: controller.signal }));
          return { key: key.catch(() => undefined), controller, tenant, leaves };
        });
        await turns(1);
        const calls = [0, 1, 2, 3].map((tenant) => {
          const count = asked.filter((one) => one.tenant === tenant).length;
          return Math.ceil(count / maxStreams);
        });
        expect(provider.calls).toBe(calls.reduce((sum, count) => sum + count));
        for (const { controller, leaves } of asked) if (leaves) controller.abort();
        for (const call of provider.pending) call.settle('key');
        const keysGiven = await Promise.all(asked.map(({ key }) => key));
        expect(keysGiven.map((key) => key === undefined)).toEqual(streams.map(({ leaves }) => leaves));
        keys.close();
      }),
      { numRuns: 100 },
    );
  });
});
