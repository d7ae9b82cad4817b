import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SealpipeError } from '../../src/errors.js';
import { cachedKeys } from '../../src/keys/cache/cached.js';
import { kms } from '../../src/keys/kms/index.js';
import type { KeyProvider } from '../../src/keys/provider.js';
import { rawKey } from '../../src/keys/raw.js';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { keyRequest } from '../conformance/key-request.js';
import { pathsTo } from '../conformance/secret-search.js';
import { startFakeService } from '../keys/kms/fake-service.js';
import { altered } from '../support/altered-provider.js';
import { outcome, outcomeOf } from '../support/outcome.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { strangers } from '../support/test-keys.js';

expectQuietProcess();

const CONTEXT_VALUE = 'marker-of-the-context';
const PLAINTEXT = 'marker-of-the-plaintext';
const WRAPPING_KEY = Buffer.from('marker-of-the-wrapping-key-32-by');
const DATA_KEY = Buffer.from('marker-of-the-data-key-of-32-byt');
const TOKEN = 'marker-of-the-session';
const SECRETS = [CONTEXT_VALUE, PLAINTEXT, WRAPPING_KEY, DATA_KEY, TOKEN];

const encryptionContext = { tenant: CONTEXT_VALUE };
const raw = rawKey({ name: 'test', key: WRAPPING_KEY });
/** A provider whose data key is known. */
const keys = altered(raw, {
  generate: async (request: Parameters<KeyProvider['generate']>[0]) => ({
    dataKey: Buffer.from(DATA_KEY),
    recipient: await raw.wrap(DATA_KEY, request),
  }),
});
const cached = (provider: KeyProvider) =>
  cachedKeys(provider, { maxAge: 60_000, maxStreams: 100, maxBytes: 2 ** 30 });

const seal = (options: object = {}) => encrypt(PLAINTEXT, { keys, encryptionContext, ...options });
const open = async (change: (sealed: Buffer) => Uint8Array, options: object = {}) =>
  decrypt(change(await seal()), { keys, ...options });
const flipped = (at: number) => (sealed: Buffer) => {
  sealed[at < 0 ? sealed.length + at : at]! ^= 1;
  return sealed;
};
const same = (sealed: Buffer) => sealed;
const answering = (answer: unknown) =>
  altered(keys, { generate: async () => answer, unwrap: async () => answer });
const failing = (error: unknown) =>
  altered(keys, { generate: () => Promise.reject(error), unwrap: () => Promise.reject(error) });

/** What streams do, well or badly. */
const RUNS: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['all goes well', async () => open(same, { encryptionContext })],
  ['all goes well with a cache', async () => open(same, { keys: cached(keys) })],
  [
    'all goes well for streams',
    async () => outcomeOf(createDecryptStream({ keys }), await seal({ layout: 'record' })),
  ],
  ['the last frame is altered', () => open(flipped(-1))],
  ['the commitment is altered', () => open(flipped(60))],
  ['the commitment is altered, behind a cache', () => open(flipped(60), { keys: cached(keys) })],
  ['the context is altered', () => open((sealed) => flipped(sealed.indexOf(CONTEXT_VALUE))(sealed))],
  ['the wrapped key is altered', () => open((sealed) => flipped(sealed.indexOf('wrapped') + 20)(sealed))],
  ['the end is missing', () => open((sealed) => sealed.subarray(0, -1))],
  ['there is more', () => open((sealed) => Buffer.concat([sealed, Buffer.alloc(70_000)]))],
  [
    'the context lacks a pair',
    () => open(same, { encryptionContext: { ...encryptionContext, more: CONTEXT_VALUE } }),
  ],
  ['a withheld context is missing', async () => decrypt(await seal({ withholdContext: true }), { keys })],
  [
    'a withheld context is wrong',
    async () =>
      decrypt(await seal({ withholdContext: true }), { keys, encryptionContext: { of: CONTEXT_VALUE } }),
  ],
  [
    'the context is not legal',
    async () => seal({ encryptionContext: { [`${CONTEXT_VALUE.slice(0, 3)}`]: [CONTEXT_VALUE] } }),
  ],
  ['the context is too long', () => seal({ encryptionContext: { a: CONTEXT_VALUE.repeat(500) } })],
  ['the context has a lone surrogate', () => seal({ encryptionContext: { a: `${CONTEXT_VALUE}\ud800` } })],
  ['no key matches', () => open(same, { keys: strangers })],
  ['the key is another', () => open(same, { keys: rawKey({ name: 'test', key: Buffer.alloc(32, 1) }) })],
  ['a provider denies', () => seal({ keys: failing(new SealpipeError('ERR_SEALPIPE_KEY_DENIED', 'no')) })],
  ['a provider fails', () => open(same, { keys: failing(new Error('no')) })],
  ['a provider gives no recipient', () => seal({ keys: answering({ dataKey: Buffer.from(DATA_KEY) }) })],
  ['a provider gives its key as text', () => seal({ keys: answering({ dataKey: String(DATA_KEY) }) })],
  ['a provider unwraps to text', () => open(same, { keys: answering(String(DATA_KEY)) })],
  ['a provider unwraps to too much', () => open(same, { keys: answering(Buffer.alloc(1_025, DATA_KEY)) })],
  [
    'garbage comes out of a cache',
    () => seal({ keys: cached(answering({ dataKey: DATA_KEY.subarray(1) })) }),
  ],
  ['text comes out of a cache', () => open(same, { keys: cached(answering(String(DATA_KEY))) })],
  ['confirm refuses', () => seal({ confirm: () => Promise.reject(new Error('no')) })],
  ['the length is another', () => seal({ expectedLength: 1 })],
  ['it is aborted', () => seal({ signal: AbortSignal.abort('enough') })],
  [
    'it is destroyed',
    () => {
      const stream = createEncryptStream({ keys, encryptionContext });
      stream.write(PLAINTEXT);
      stream.once('header', () => stream.destroy());
      return outcome(stream);
    },
  ],
];

const streamMessages: unknown[] = [];
const keyMessages: unknown[] = [];
const hear = (message: unknown) => void streamMessages.push(message);
const hearKey = (message: unknown) => void keyMessages.push(message);
const listeners = { start: hearKey, end: hearKey, asyncStart: hearKey, asyncEnd: hearKey, error: hearKey };

beforeEach(() => {
  subscribe('sealpipe:stream', hear);
  tracingChannel('sealpipe:key').subscribe(listeners);
});
afterEach(() => {
  unsubscribe('sealpipe:stream', hear);
  tracingChannel('sealpipe:key').unsubscribe(listeners);
});

/** Runs, and looks for the secrets in everything that came out but the result of a run that went well. */
async function leaksOf(run: () => Promise<unknown>): Promise<string[]> {
  streamMessages.length = 0;
  keyMessages.length = 0;
  const error = await run().then(
    (result) => (result as { error?: unknown }).error,
    (reason: unknown) => reason,
  );
  return SECRETS.flatMap((secret) => pathsTo({ error, streamMessages, keyMessages }, secret));
}

describe('nothing secret can be reached from errors and diagnostics', () => {
  it.each(RUNS)('when %s', async (_, run) => {
    expect(await leaksOf(run)).toEqual([]);
  });

  it('and there is something to be reached', async () => {
    await leaksOf(() => open(flipped(-1)));
    expect([streamMessages.length, keyMessages.length]).toEqual([4, 8]);
    expect(pathsTo(streamMessages, 'ERR_SEALPIPE_AUTHENTICATION')).toHaveLength(1);
    const leak = await leaksOf(() =>
      seal({ keys: failing(new Error('no', { cause: new Map([[1, { DATA_KEY }]]) })) }),
    );
    expect(leak, 'what a provider throws is passed on to its caller').not.toEqual([]);
  });
});

describe('nothing secret can be reached when KMS quotes the whole request', () => {
  it.each([
    ['ValidationException', 400, 'application/x-amz-json-1.1'],
    ['OddException', 500, 'application/x-amz-json-1.1'],
    ['a page', 500, 'text/html'],
    ['a page', 200, 'text/html'],
  ])('in %s with status %i of %s', async (name, status, type) => {
    const service = await startFakeService();
    const credentials = { accessKeyId: 'AKID', secretAccessKey: 's', sessionToken: TOKEN };
    const clientConfig = { ...service.clientConfig(), credentials };
    const provider = kms({ keyId: service.kms.createKey(), clientConfig });
    const sealed = await seal({ keys: provider });
    service.fault = ({ input }) => {
      const quoted = JSON.stringify(input);
      const message = `Value '${quoted}' at ${Object.values(input).join(', ')}`;
      const body =
        type === 'text/html' ? `<pre>${message}</pre>` : JSON.stringify({ __type: name, message, input });
      return { status, type, body };
    };
    for (const one of [provider, cached(provider)]) {
      expect(await leaksOf(() => seal({ keys: one }))).toEqual([]);
      expect(await leaksOf(() => seal({ keys: [keys, one] }))).toEqual([]);
      expect(await leaksOf(() => decrypt(sealed, { keys: one }))).toEqual([]);
      expect(streamMessages.concat(keyMessages).length).toBeGreaterThan(0);
    }
    expect(pathsTo(await provider.generate(keyRequest()).catch((error: unknown) => error), TOKEN)).toEqual(
      [],
    );
    await service.close();
  });
});
