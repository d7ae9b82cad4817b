import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadPackWriter } from '../../../src/format/pack-writer.js';
import type { Recipient } from '../../../src/format/stream-header.js';
import { cachedKeys } from '../../../src/keys/cache/cached.js';
import type { KeyRequest } from '../../../src/keys/provider.js';
import { rawKey } from '../../../src/keys/raw.js';
import { decrypt, encrypt } from '../../../src/session/one-shot.js';
import { keyRequest } from '../../conformance/key-request.js';
import { altered } from '../../support/altered-provider.js';
import { expectQuietProcess, turns } from '../../support/quiet-process.js';
import { Chaos, STEPS } from './cached-chaos.js';
import { ChaoticProvider, MARKER } from './chaotic-provider.js';
import { forgetCopies, unwiped } from './recorded-copies.js';

// Not in the middle of what is counted in turns.
await loadPackWriter();

vi.mock('../../../src/bytes.js', async (original) =>
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
        vi.clearAllTimers();
        await new Chaos().run(steps);
      }),
      { numRuns: 300 },
    );
  });

  test('streams that are sealed and opened with them come out whole, or not at all', async () => {
    const base = rawKey({ name: 'chaos', key: Buffer.alloc(32, 1) });
    let calls = 0;
    /** Answers after a few turns with keys that can be found in memory. */
    const provider = altered(base, {
      generate: async (request: KeyRequest) => {
        const dataKey = Buffer.concat([MARKER, randomBytes(24)]);
        const recipient = await base.wrap(dataKey, request);
        await turns(calls++ % 4);
        return { dataKey, recipient };
      },
      unwrap: async (recipient: Recipient, request: KeyRequest) => {
        const dataKey = await base.unwrap(recipient, request);
        await turns(calls++ % 3);
        return dataKey;
      },
    });
    const streams = fc.array(
      fc.record({ after: fc.nat(5), abortAfter: fc.option(fc.nat(6)), size: fc.constantFrom(0, 10, 300) }),
      { maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(
        streams,
        fc.integer({ min: 1, max: 4 }),
        fc.nat(20),
        async (all, maxStreams, closeAfter) => {
          forgetCopies();
          const keys = cachedKeys(provider, { maxAge: 100, maxStreams, maxBytes: 500, maxEntries: 1 });
          const closing = turns(closeAfter).then(() => keys.close());
          const outcomes = all.map(async ({ after, abortAfter, size }, i) => {
            await turns(after);
            const controller = new AbortController();
            if (abortAfter !== null) void turns(abortAfter).then(() => controller.abort());
            const plaintext = Buffer.alloc(size, i);
            const { signal } = controller;
            const sealed = await encrypt(plaintext, { keys, signal });
            expect((await decrypt(sealed, { keys: base })).equals(plaintext)).toBe(true);
            expect((await decrypt(sealed, { keys, signal })).equals(plaintext)).toBe(true);
          });
          for (const outcome of await Promise.allSettled(outcomes)) {
            if (outcome.status === 'fulfilled') continue;
            expect(['ABORT_ERR', 'ERR_SEALPIPE_OPTIONS'], String(outcome.reason)).toContain(
              outcome.reason.code,
            );
          }
          await closing;
          await turns(6);
          expect(unwiped(MARKER)).toEqual([]);
        },
      ),
      { numRuns: 60 },
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
