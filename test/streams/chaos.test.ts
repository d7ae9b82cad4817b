import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeyProvider } from '../../src/keys/provider.js';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import type { EncryptStream } from '../../src/streams/encrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { altered } from '../support/altered-provider.js';
import { outcome, outcomeOf } from '../support/outcome.js';
import { patterned, piecesOf } from '../support/pieces.js';
import { expectQuietProcess, turns } from '../support/quiet-process.js';
import { runs } from '../support/sample.js';
import { keys } from '../support/test-keys.js';
import { isWiped, watched } from '../support/watched-provider.js';

expectQuietProcess();

const source = patterned(40_000);

/** What may happen to a stream; numbers are sizes, or turns of the event loop. */
type Step =
  | { readonly do: 'write' | 'wait'; readonly n: number }
  | {
      readonly do:
        | 'flush'
        | 'empty'
        | 'cork'
        | 'uncork'
        | 'end'
        | 'destroy'
        | 'fail'
        | 'abort'
        | 'pause'
        | 'resume';
    };

const calm = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('write' as const), n: fc.nat(9_000) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), n: fc.nat(3) }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Step>({ do: 'flush' }, { do: 'empty' }, { do: 'pause' }, { do: 'resume' }),
  },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ do: 'cork' }, { do: 'uncork' }) },
);
const ending = fc.constantFrom<Step>({ do: 'end' }, { do: 'destroy' }, { do: 'fail' }, { do: 'abort' });
const steps = fc.tuple(
  fc.array<Step>(calm, { maxLength: 25 }),
  fc.array(ending, { minLength: 1, maxLength: 3 }),
);

/** How the key calls go: turns until the answer (or never), and whether it is an answer. */
const keyCalls = fc.record({ turns: fc.option(fc.nat(6)), fails: fc.boolean() });

function delayed(
  base: KeyProvider,
  { turns: delay, fails }: { turns: number | null; fails: boolean },
): KeyProvider {
  const after = async <T>(call: () => Promise<T>): Promise<T> => {
    const answer = await call();
    if (delay === null) return new Promise<T>(() => undefined);
    await turns(delay);
    if (fails) throw new Error('the provider fails');
    return answer;
  };
  return altered(base, {
    generate: (request: never) => after(() => base.generate(request)),
    unwrap: (recipient: never, request: never) => after(() => base.unwrap(recipient, request)),
  });
}

async function play(stream: EncryptStream, controller: AbortController, list: readonly Step[]) {
  const flushes: Promise<unknown>[] = [];
  const written: Buffer[] = [];
  for (const step of list) {
    if (step.do === 'wait') await turns(step.n);
    else if (step.do === 'write' && !stream.writableEnded && !stream.destroyed) {
      const chunk = Buffer.from(source.subarray(written.length, written.length + step.n));
      stream.write(chunk);
      written.push(chunk);
    } else if (step.do === 'flush') flushes.push(stream.flush().catch((error) => error));
    else if (step.do === 'empty' && !stream.writableEnded && !stream.destroyed) stream.write('');
    else if (step.do === 'cork' || step.do === 'uncork' || step.do === 'pause' || step.do === 'resume')
      stream[step.do]();
    else if (step.do === 'end') stream.end();
    else if (step.do === 'destroy') stream.destroy();
    else if (step.do === 'fail') stream.destroy(new Error('mine'));
    else if (step.do === 'abort') controller.abort('enough');
  }
  return { flushes, written: Buffer.concat(written) };
}

describe('whatever happens to an encrypt stream', () => {
  it.each(['fixed', 'record'] as const)(
    'it closes, and its output opens as a whole or is refused (%s)',
    { timeout: 60_000 },
    async (layout) => {
      await fc.assert(
        fc.asyncProperty(steps, keyCalls, fc.boolean(), async ([before, endings], calls, confirms) => {
          const seen = watched(delayed(keys, calls));
          const controller = new AbortController();
          const stream = createEncryptStream({
            keys: seen.provider,
            layout,
            frameSize: 4_096,
            signal: controller.signal,
            confirm: () => (confirms ? undefined : Promise.reject(new Error('no'))),
          });
          const over = outcome(stream);
          const { flushes, written } = await play(stream, controller, [...before, ...endings]);
          stream.resume();
          if (calls.turns === null) stream.destroy();
          const { bytes, ended, error } = await over;
          for (const flush of flushes) await flush;
          await turns();
          expect(stream.closed).toBe(true);
          expect(seen.dataKeys.every(isWiped)).toBe(true);
          if (ended) expect(error).toBeUndefined();
          await expectWholeOrRefused(bytes, ended, written);
        }),
        { numRuns: runs(120) },
      );
    },
  );
});

async function expectWholeOrRefused(bytes: Buffer, whole: boolean, written: Buffer): Promise<void> {
  const stream = createDecryptStream({ keys });
  const opened = await outcomeOf(stream, bytes);
  expect(opened.ended).toBe(whole);
  expect(opened.bytes.equals(written.subarray(0, opened.bytes.length))).toBe(true);
  if (whole) expect(opened.bytes.length).toBe(written.length);
  else expect(['ERR_SEALPIPE_TRUNCATED', 'ERR_SEALPIPE_AUTHENTICATION']).toContain(opened.error?.code);
}

describe('whatever happens to a decrypt stream', () => {
  it('it closes, and gives nothing but a prefix of the plaintext', { timeout: 60_000 }, async () => {
    const sealed = await encrypt(source, { keys, frameSize: 4_096 });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(3_000),
        fc.nat(4),
        fc.option(fc.nat(sealed.length - 1)),
        fc.option(fc.nat(sealed.length)),
        fc.option(fc.nat(12)),
        keyCalls,
        async (piece, pause, flip, cut, stopAt, calls) => {
          const input = Buffer.from(sealed.subarray(0, cut ?? sealed.length));
          if (flip !== null && flip < input.length) input[flip]! ^= 0x20;
          const controller = new AbortController();
          const stream = createDecryptStream({ keys: delayed(keys, calls), signal: controller.signal });
          const over = outcome(stream);
          let count = 0;
          for (const part of piecesOf(input, piece + 200)) {
            if (stream.destroyed) break;
            stream.write(part);
            if (count++ === stopAt) controller.abort();
            if (pause > 0) await turns(pause - 1);
          }
          if (!stream.destroyed) stream.end();
          if (calls.turns === null) {
            await turns();
            stream.destroy();
          }
          const { bytes, ended } = await over;
          expect(bytes.equals(source.subarray(0, bytes.length))).toBe(true);
          if (ended)
            expect([bytes.length, input.equals(sealed) || (await opens(input))]).toEqual([
              source.length,
              true,
            ]);
        },
      ),
      { numRuns: runs(150) },
    );
  });
});

/** A flip in the envelope's padding key or the like may be harmless: then the one-shot says so too. */
async function opens(bytes: Buffer): Promise<boolean> {
  return (await decrypt(bytes, { keys })).equals(source);
}
