import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { expect, vi } from 'vitest';
import { cachedKeys } from '../../../src/keys/cache/cached.js';
import { keyRequest } from '../../conformance/key-request.js';
import { turns } from '../../support/quiet-process.js';
import { isWiped } from '../../support/watched-provider.js';
import type { Answer } from './chaotic-provider.js';
import { ChaoticProvider, callOf, MARKER } from './chaotic-provider.js';
import { unwiped } from './recorded-copies.js';

/** What may happen; `which` picks one of those that there are. */
export type Step =
  | {
      readonly do: 'ask';
      readonly tenant: number;
      readonly opening: boolean;
      readonly bytes: number;
      readonly left: number;
    }
  | { readonly do: 'abort' | 'grow' | 'end' | 'miss'; readonly which: number }
  | { readonly do: 'settle'; readonly which: number; readonly answer: Answer }
  | { readonly do: 'wait'; readonly which: number }
  | { readonly do: 'close' };

const which = fc.nat(1_000);
const answer = fc.constantFrom<Answer>(
  'key',
  'key',
  'key',
  'short key',
  'illegal recipient',
  'nothing',
  'failure',
);

/** Streams of three tenants that come and go while calls are answered, time goes by and the cache may be closed. */
export const STEPS: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof<fc.MaybeWeightedArbitrary<Step>[]>(
    {
      weight: 40,
      arbitrary: fc.record({
        do: fc.constant('ask' as const),
        tenant: fc.nat(2),
        opening: fc.boolean(),
        bytes: fc.constantFrom(0, 0, 10, 400, 2_000),
        left: fc.constantFrom(0, 0, 1, 2),
      }),
    },
    { weight: 20, arbitrary: fc.record({ do: fc.constantFrom('abort', 'grow', 'end', 'miss'), which }) },
    { weight: 20, arbitrary: fc.record({ do: fc.constant('settle' as const), which, answer }) },
    { weight: 10, arbitrary: fc.record({ do: fc.constant('wait' as const), which: fc.nat(120) }) },
    { weight: 1, arbitrary: fc.constant({ do: 'close' as const }) },
  ),
  { maxLength: 100 },
);

const LIMITS = { maxAge: 100, maxStreams: 3, maxBytes: 1_000, maxEntries: 2 };
const HELD_AT_MOST = 2 * LIMITS.maxEntries;

/** A stream of the chaos: what it asked with, and what became of it. */
interface Stream {
  readonly name: string;
  readonly controller: AbortController;
  readonly usage: { plaintextBytes: number; ended: boolean };
  readonly trial: { fits: boolean | undefined };
  readonly afterClose: boolean;
  readonly askedAt: number;
  /** Bytes of every stream before it, when it asked. */
  readonly bytesBefore: ReadonlyMap<Stream, number>;
  /** The calls whose key had missed the commitments that it met, when it asked. */
  readonly missed: ReadonlySet<number>;
  state: 'waiting' | 'aborted' | 'served' | 'failed';
  call?: number;
  error?: unknown;
}

/** Cached keys, a provider and streams, and what must hold of them whatever happens. */
export class Chaos {
  readonly #provider = new ChaoticProvider();
  readonly #keys = cachedKeys(this.#provider, LIMITS);
  readonly #streams: Stream[] = [];
  readonly #settled = new Map<number, { readonly at: number; readonly how: Answer }>();
  #closed = false;

  async run(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      this.#take(step);
      // Those who ask one after the other ask in the same turn.
      if (step.do !== 'ask') await this.#check();
    }
    while (this.#provider.pending.length > 0) this.#settle(0, 'key');
    await this.#check();
    expect(this.#of('waiting'), 'every waiter settles').toEqual([]);
    this.#keys.close();
    this.#closed = true;
    await this.#check();
    expect(vi.getTimerCount()).toBe(0);
    for (const { controller } of this.#streams) {
      expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    }
  }

  #take(step: Step): void {
    if (step.do === 'ask') this.#ask(step);
    else if (step.do === 'settle') this.#settle(step.which, step.answer);
    else if (step.do === 'wait') vi.advanceTimersByTime(step.which);
    else if (step.do === 'close') this.#close();
    else if (step.do === 'abort') pick(this.#of('waiting'), step.which)?.controller.abort('enough');
    else {
      const stream = pick(this.#of('served'), step.which);
      if (stream === undefined) return;
      if (step.do === 'grow') stream.usage.plaintextBytes += stream.usage.ended ? 0 : step.which;
      else stream.trial.fits ??= step.do === 'end';
      if (step.do === 'end') stream.usage.ended = true;
    }
  }

  #ask({ tenant, opening, bytes, left }: Extract<Step, { do: 'ask' }>): void {
    const stream: Stream = {
      name: `${opening} ${tenant}`,
      controller: new AbortController(),
      usage: { plaintextBytes: bytes, ended: bytes > 0 },
      trial: { fits: undefined },
      afterClose: this.#closed,
      askedAt: performance.now(),
      bytesBefore: new Map(this.#streams.map((one) => [one, one.usage.plaintextBytes])),
      missed: this.#missedKeys(),
      state: 'waiting',
    };
    const { usage, trial, controller } = stream;
    const request = keyRequest({ context: { tenant: String(tenant) }, signal: controller.signal });
    this.#streams.push(stream);
    const attempts = left > 0 && { attempts: { since: stream.askedAt, left } };
    const recipient = { provider: 'a.b', key: 'k', wrapped: MARKER.subarray(1) };
    const key = opening
      ? this.#keys.unwrap(recipient, { ...request, trial, ...attempts })
      : this.#keys.generate({ ...request, usage }).then(({ dataKey }) => dataKey);
    key.then(
      (dataKey) => {
        Object.assign(stream, { state: 'served', call: callOf(dataKey) });
        dataKey.fill(0);
      },
      (error: unknown) =>
        Object.assign(stream, { state: codeOf(error) === 'ABORT_ERR' ? 'aborted' : 'failed', error }),
    );
  }

  #settle(index: number, how: Answer): void {
    const { pending } = this.#provider;
    const [call] = pending.length === 0 ? [] : pending.splice(index % pending.length, 1);
    if (call === undefined) return;
    this.#settled.set(call.id, { at: performance.now(), how });
    call.settle(how);
  }

  #close(): void {
    this.#keys.close();
    this.#closed = true;
  }

  async #check(): Promise<void> {
    await turns(1);
    for (const stream of this.#streams) {
      const { aborted } = stream.controller.signal;
      if (aborted) expect(stream.state, 'settles at once, or had its answer').not.toBe('waiting');
      if (stream.state === 'aborted') expect(aborted).toBe(true);
      if (stream.state === 'served') this.#checkServed(stream);
      if (stream.state === 'failed') checkFailed(stream);
      if (stream.afterClose)
        expect(stream).toMatchObject({ state: 'failed', error: { code: 'ERR_SEALPIPE_OPTIONS' } });
    }
    const underWay = this.#provider.pending.filter(({ request }) => !request.signal.aborted);
    expect(underWay.length, 'no call for nobody').toBeLessThanOrEqual(this.#of('waiting').length);
    expect(this.#provider.calls).toBeLessThanOrEqual(this.#streams.length);
    const answered = this.#of('served').length + this.#of('failed').length + this.#of('aborted').length;
    expect(this.#keys.hits + this.#keys.misses).toBeLessThanOrEqual(answered + this.#of('waiting').length);
    expect(this.#provider.given.every(isWiped), "the provider's own memory is wiped").toBe(true);
    expect(unwiped(MARKER).length, 'keys in memory').toBeLessThanOrEqual(this.#closed ? 0 : HELD_AT_MOST);
  }

  #checkServed({ name, call, askedAt, bytesBefore, missed }: Stream): void {
    const together = this.#streams.filter((other) => other.state === 'served' && other.call === call);
    expect(together.length).toBeLessThanOrEqual(LIMITS.maxStreams);
    expect(together.every((other) => other.name === name)).toBe(true);
    const before = together.filter((other) => bytesBefore.has(other));
    if (before.length > 0 && name.startsWith('false')) {
      const bytes = before.reduce((sum, other) => sum + bytesBefore.get(other)!, 0);
      expect(bytes).toBeLessThan(LIMITS.maxBytes);
    }
    const { at, how } = this.#settled.get(call!)!;
    // What is unwrapped has no recipient that could be illegal.
    expect(name.startsWith('true') ? ['key', 'illegal recipient'] : ['key']).toContain(how);
    expect(askedAt - at).toBeLessThan(LIMITS.maxAge);
    expect(missed.has(call!), 'a key that missed is given to no later stream').toBe(false);
  }

  #missedKeys(): ReadonlySet<number> {
    const fits = this.#of('served').filter(({ trial }) => trial.fits === true);
    const misses = this.#of('served').filter(
      ({ name, trial }) => name.startsWith('true') && trial.fits === false,
    );
    const right = new Set(fits.map(({ call }) => call));
    return new Set(misses.map(({ call }) => call!).filter((call) => !right.has(call)));
  }

  #of(state: Stream['state']): Stream[] {
    return this.#streams.filter((stream) => stream.state === state);
  }
}

function pick<T>(list: readonly T[], index: number): T | undefined {
  return list[index % Math.max(list.length, 1)];
}

function codeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown }).code;
}

function checkFailed({ name, error, afterClose }: Stream): void {
  const garbage = name.startsWith('true') ? 'ERR_SEALPIPE_AUTHENTICATION' : 'ERR_SEALPIPE_OPTIONS';
  if (!afterClose) expect([garbage, 'chaos']).toContain(codeOf(error) ?? (error as Error).message);
}
