import { afterAll, beforeAll, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import type { ErrorCode } from '../../src/errors.js';
import { isSealpipeError } from '../../src/errors.js';
import type { Recipient } from '../../src/format/stream-header.js';
import type { KeyProvider } from '../../src/keys/provider.js';
import { onlyWhere } from '../support/prerequisite.js';
import { sampled } from '../support/sample.js';
import { describeAbort } from './key-provider-abort.js';
import { keyRequest } from './key-request.js';
import { secretsIn } from './secret-search.js';

/** A provider to be tested, and how to let go of it. */
export interface ProviderUnderTest {
  readonly provider: KeyProvider;
  /** The same kind of provider with another key. */
  readonly other?: KeyProvider;
  close?(): void | Promise<void>;
}

/** What {@link describeKeyProvider} needs, and what the provider under test is not to be blamed for. */
export interface ProviderTraits {
  make(): Promise<ProviderUnderTest>;
  /** Skips a test where what it needs is not on this machine. */
  readonly needs?: (context: TestContext) => void;
  /** The provider gives the same data key again, on purpose. */
  readonly reuses?: true;
  /** What a damaged wrapped key may be answered with: `ERR_SEALPIPE_AUTHENTICATION` unless told. */
  readonly damage?: readonly ErrorCode[];
  /** Damages every n-th byte of a wrapped key: every one unless told. */
  readonly damageStep?: number;
}

const context = { tenant: '42', purpose: 'backup' };

/**
 * The contract of {@link KeyProvider} as tests that every provider runs.
 *
 * @example
 * describeKeyProvider('rawKey', { make: async () => ({ provider: rawKey({ name: 'a', key }) }) });
 */
export function describeKeyProvider(name: string, traits: ProviderTraits): void {
  const AUTHENTICATION: readonly ErrorCode[] = ['ERR_SEALPIPE_AUTHENTICATION'];
  const damageCodes = traits.damage ?? AUTHENTICATION;

  describe(`${name} as a key provider`, () => {
    let made: ProviderUnderTest | undefined;
    const provider = (): KeyProvider => made!.provider;
    let failure: unknown;
    const other = (running: TestContext): KeyProvider => {
      onlyWhere(running, made?.other !== undefined, 'there is no second key');
      return made!.other!;
    };

    beforeAll(async () => {
      made = await traits.make().catch((error: unknown) => {
        failure = error;
        return undefined;
      });
    });
    beforeEach((running) => {
      traits.needs?.(running);
      if (made === undefined) throw failure;
    });
    afterAll(() => made?.close?.());

    const refusal = async (recipient: Recipient, request = keyRequest({ context })): Promise<unknown> => {
      const answer = await provider()
        .unwrap(recipient, request)
        .catch((error: unknown) => error);
      expect(answer, 'must not unwrap').toBeInstanceOf(Error);
      return answer;
    };
    const expectRefused = async (
      recipient: Recipient,
      codes: readonly ErrorCode[],
      request?: typeof first,
    ) => {
      const error = await refusal(recipient, request);
      expect(isSealpipeError(error), String(error)).toBe(true);
      expect(codes, String(error)).toContain((error as { code: ErrorCode }).code);
    };
    const first = keyRequest({ context });

    it('has an id', () => expect(provider().id).toMatch(/\S/));

    it.each([16, 32])('generates a data key of %i bytes and unwraps it', async (dataKeyBytes) => {
      const request = keyRequest({ context, dataKeyBytes });
      const { dataKey, recipient } = await provider().generate(request);
      expect(dataKey.length).toBeGreaterThanOrEqual(dataKeyBytes);
      expect(dataKey.length).toBeLessThanOrEqual(1_024);
      expect(new Set(dataKey).size, 'a data key that is not constant').toBeGreaterThan(2);
      expect(recipient.provider).toMatch(/^[a-z0-9.-]{1,64}$/);
      expect(Buffer.byteLength(recipient.key)).toBeGreaterThan(0);
      expect(Buffer.byteLength(recipient.key)).toBeLessThanOrEqual(2_048);
      expect(recipient.wrapped.length).toBeGreaterThan(0);
      expect(recipient.wrapped.length).toBeLessThanOrEqual(6_144);
      expect(await provider().unwrap(recipient, request)).toEqual(dataKey);
    });

    it(`generates ${traits.reuses ? 'the same data key' : 'another data key'} every time`, async () => {
      const keys = await Promise.all([1, 2, 3].map(() => provider().generate(keyRequest())));
      const different = new Set(keys.map(({ dataKey }) => Buffer.from(dataKey).toString('hex')));
      expect(different.size).toBe(traits.reuses ? 1 : 3);
    });

    it('works without an encryption context', async () => {
      const { dataKey, recipient } = await provider().generate(keyRequest());
      expect(await provider().unwrap(recipient, keyRequest())).toEqual(dataKey);
    });

    it.each([
      ['with another value', { tenant: '43', purpose: 'backup' }],
      ['without a pair', { tenant: '42' }],
      ['with one pair more', { ...context, extra: '' }],
      ['without any', {}],
      ['with a key in another case', { Tenant: '42', purpose: 'backup' }],
      ['with a value in another case', { tenant: '42', purpose: 'Backup' }],
      ['with a space more', { tenant: '42 ', purpose: 'backup' }],
    ])('does not unwrap under the context %s', async (_, wrong) => {
      const { recipient } = await provider().generate(keyRequest({ context }));
      await expectRefused(recipient, AUTHENTICATION, keyRequest({ context: wrong }));
    });

    it('unwraps under the same Unicode, and not under what looks like it', async () => {
      const composed = { '\u00e9': '\u{1f511}\ufeff' };
      const { dataKey, recipient } = await provider().generate(keyRequest({ context: composed }));
      expect(await provider().unwrap(recipient, keyRequest({ context: composed }))).toEqual(dataKey);
      const decomposed = keyRequest({ context: { 'e\u0301': '\u{1f511}\ufeff' } });
      await expectRefused(recipient, AUTHENTICATION, decomposed);
      await expectRefused(recipient, AUTHENTICATION, keyRequest({ context: { '\u00e9': '\u{1f511}' } }));
    });

    it('unwraps under the same context in another order', async () => {
      const { dataKey, recipient } = await provider().generate(keyRequest({ context }));
      const turned = keyRequest({ context: { purpose: 'backup', tenant: '42' } });
      expect(await provider().unwrap(recipient, turned)).toEqual(dataKey);
    });

    it('keeps pairs whose keys are names of the language', async () => {
      const odd = JSON.parse('{"__proto__":"a","constructor":"b","toJSON":"c","10":"d","2":"e"}');
      const { dataKey, recipient } = await provider().generate(keyRequest({ context: odd }));
      expect(await provider().unwrap(recipient, keyRequest({ context: odd }))).toEqual(dataKey);
      const { __proto__: _, ...less } = odd;
      await expectRefused(recipient, AUTHENTICATION, keyRequest({ context: less }));
    });

    it.each([16, 32, 1_024])('wraps a data key of %i bytes that it did not make', async (length) => {
      const dataKey = Buffer.alloc(length, 0).map((_, i) => (i * 7 + 3) & 255);
      const before = Buffer.from(dataKey);
      const request = keyRequest({ context, dataKeyBytes: 16 });
      const recipient = await provider().wrap(dataKey, request);
      expect(Buffer.from(dataKey), 'the caller still owns it').toEqual(before);
      expect(provider().matches(recipient)).toBe(true);
      expect(await provider().unwrap(recipient, request)).toEqual(dataKey);
      expect(Buffer.from(recipient.wrapped).includes(before)).toBe(false);
    });

    it('matches its own recipients and no others', async (running) => {
      const { recipient } = await provider().generate(keyRequest());
      expect(provider().matches(recipient)).toBe(true);
      expect(provider().matches({ ...recipient, provider: `${recipient.provider}x` })).toBe(false);
      expect(provider().matches({ ...recipient, key: '' })).toBe(false);
      expect(other(running).matches(recipient)).toBe(false);
    });

    it('does not unwrap what another key has wrapped', async (running) => {
      const theirs = await other(running).generate(keyRequest({ context }));
      const ours = await provider().generate(keyRequest({ context }));
      await expectRefused({ ...theirs.recipient, key: ours.recipient.key }, damageCodes);
    });

    it('does not unwrap a wrapped key with a damaged byte, wherever it is', async () => {
      const { recipient } = await provider().generate(keyRequest({ context }));
      const places = [...recipient.wrapped.keys()].filter((at) => at % (traits.damageStep ?? 1) === 0);
      const damaged = sampled(places, 40, `damaged bytes of ${name}`).map((at) =>
        recipient.wrapped.map((byte, i) => (i === at ? byte ^ 0x10 : byte)),
      );
      expect(damaged.length).toBeGreaterThan(10);
      for (const wrapped of damaged) await expectRefused({ ...recipient, wrapped }, damageCodes);
    });

    it.each([
      ['empty', () => new Uint8Array(0)],
      ['cut by a byte', (wrapped: Uint8Array) => wrapped.subarray(0, -1)],
      ['cut to a byte', (wrapped: Uint8Array) => wrapped.subarray(0, 1)],
      ['longer by a byte', (wrapped: Uint8Array) => Buffer.concat([wrapped, Buffer.alloc(1)])],
      ['longer than is legal', () => Buffer.alloc(6_145, 1)],
    ])('does not unwrap a wrapped key that is %s', async (_, change) => {
      const { recipient } = await provider().generate(keyRequest({ context }));
      await expectRefused({ ...recipient, wrapped: change(recipient.wrapped) }, damageCodes);
    });

    it('does not take a data key that is shorter than the suite needs', async () => {
      const request = keyRequest({ context, dataKeyBytes: 16 });
      const recipient = await provider().wrap(Buffer.alloc(16, 7), request);
      await expectRefused(recipient, AUTHENTICATION, keyRequest({ context, dataKeyBytes: 32 }));
    });

    it('gives every data key memory of its own, which nothing else shares', async () => {
      const { dataKey, recipient } = await provider().generate(keyRequest());
      const again = await provider().unwrap(recipient, keyRequest());
      for (const key of [dataKey, again]) expect(key.buffer.byteLength).toBe(key.byteLength);
      const copy = Buffer.from(again);
      dataKey.fill(0);
      expect(Buffer.from(again)).toEqual(copy);
      expect(await provider().unwrap(recipient, keyRequest())).toEqual(again);
    });

    it('serves many calls at once', async () => {
      const requests = Array.from({ length: 12 }, (_, i) => keyRequest({ context: { i: String(i) } }));
      const keys = await Promise.all(requests.map((request) => provider().generate(request)));
      const back = await Promise.all(
        keys.map(({ recipient }, i) => provider().unwrap(recipient, requests[i]!)),
      );
      expect(back).toEqual(keys.map(({ dataKey }) => dataKey));
    });

    it('says nothing secret in its errors', async () => {
      const { dataKey, recipient } = await provider().generate(keyRequest({ context }));
      const wrong = keyRequest({ context: { tenant: 'a secret of the tenant' } });
      const errors = [
        await refusal(recipient, wrong),
        await refusal({ ...recipient, wrapped: recipient.wrapped.subarray(1) }),
        await provider()
          .wrap(dataKey, keyRequest({ context, signal: AbortSignal.abort() }))
          .catch((error: unknown) => error),
      ];
      for (const error of errors) {
        expect(secretsIn(error, dataKey)).toEqual([]);
        expect(String(error)).not.toContain('a secret of the tenant');
      }
    });

    describeAbort(provider);
  });
}
