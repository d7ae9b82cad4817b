import { KMSClient } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import type { KmsClientLike, KmsOptions } from '../../../src/keys/kms/index.js';
import { kms } from '../../../src/keys/kms/index.js';
import { createLocalKms } from '../../../src/local-kms/index.js';

const keyId = 'alias/a';
const accounts = ['111122223333'];
const TYPE = TypeError;
const RANGE = RangeError;

describe('a keyId that looks like a raw key', () => {
  const id = 'ab'.repeat(32);

  it('is refused, and not shown', () => {
    const key = Buffer.from(Array.from({ length: 32 }, (_, i) => i * 7 + 3));
    const texts = [
      id,
      id.toUpperCase(),
      id.slice(32),
      key.toString('hex'),
      key.toString('base64'),
      key.toString('base64url'),
    ];
    for (const text of texts) {
      let refusal: unknown;
      try {
        kms({ keyId: text });
      } catch (error) {
        refusal = error;
      }
      expect(refusal).toMatchObject({ name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' });
      const { message, stack = '' } = refusal as Error;
      expect(message).toMatch(/^keyId looks like a raw key/);
      expect(stack).not.toContain(text);
    }
  });

  it('is not one of KMS: no id, alias or ARN is taken for one', () => {
    for (const text of [
      '1234abcd-12ab-34cd-56ef-1234567890ab',
      `mrk-${'1a'.repeat(16)}`,
      `alias/${id}`,
      'alias/Backups/Of-The-Whole-Company/In-Europe-2026',
      `arn:aws:kms:eu-west-1:111122223333:key/${id}`,
      `arn:aws:kms:eu-west-1:111122223333:alias/${id}`,
    ]) {
      expect(kms({ keyId: text }).id).toBeDefined();
    }
  });
});

describe('the options of kms()', () => {
  it.each<[unknown, typeof TYPE | typeof RANGE, RegExp]>([
    [undefined, TYPE, /takes an object of options/],
    [null, TYPE, /takes an object of options/],
    ['alias/a', TYPE, /takes an object of options/],
    [{}, TYPE, /needs keyId, or discovery with the accounts/],
    [{ keyId: undefined }, TYPE, /needs keyId, or discovery/],
    [{ keyId, region: 'eu-west-1' }, TYPE, /knows no option "region".*clientConfig/],
    [{ keyid: 'alias/a' }, TYPE, /knows no option "keyid"/],
    [{ keyId: 42 }, TYPE, /keyId must be/],
    [{ keyId: '' }, TYPE, /keyId must be/],
    [{ keyId: 'alias/' }, TYPE, /keyId must be/],
    [{ keyId: 'alias/a b' }, TYPE, /keyId must be/],
    [{ keyId: 'key/1234' }, TYPE, /keyId must be/],
    [{ keyId: 'arn:aws:kms:eu-west-1:1:key/a' }, TYPE, /keyId must be/],
    [{ keyId: 'arn:aws:s3:eu-west-1:111122223333:key/a' }, TYPE, /keyId must be/],
    [{ keyId: 'alias/a\n' }, TYPE, /keyId must be/],
    [{ discovery: true }, TYPE, /discovery must be an object/],
    [{ discovery: {} }, TYPE, /discovery\.accounts must be a list of at least one/],
    [{ discovery: { accounts: [] } }, TYPE, /at least one/],
    [{ discovery: { accounts: [111122223333] } }, TYPE, /a string of 12 digits/],
    [{ discovery: { accounts: ['1111'] } }, TYPE, /a string of 12 digits/],
    [{ discovery: { accounts: ['*'] } }, TYPE, /a string of 12 digits/],
    [{ discovery: { accounts: '111122223333' } }, TYPE, /a list/],
    [{ discovery: { accounts, partition: 'AWS' } }, TYPE, /partition/],
    [{ discovery: { accounts, regions: [] } }, TYPE, /regions/],
    [{ discovery: { accounts, regions: ['eu west'] } }, TYPE, /regions/],
    [{ discovery: { accounts, account: '1' } }, TYPE, /discovery knows no option "account".*"accounts"/],
    [{ keyId, client: {} }, TYPE, /client must be a KMSClient/],
    [{ keyId, client: { send: () => {} } }, TYPE, /client must be a KMSClient/],
    [
      { keyId, client: new KMSClient({ region: 'a' }), clientConfig: {} },
      TYPE,
      /client or clientConfig, not both/,
    ],
    [{ keyId, clientConfig: { region: '' } }, TYPE, /clientConfig\.region is empty/],
    [{ keyId, clientConfig: 'eu-west-1' }, TYPE, /clientConfig must be an object/],
    [{ keyId, clientConfig: new KMSClient({ region: 'a' }) }, TYPE, /Pass a client as `client`/],
    [{ keyId, client: () => new KMSClient({}) }, TYPE, /names no region.*give the key's ARN/],
    [{ keyId, grantTokens: 'token' }, TYPE, /grantTokens must be an array/],
    [{ keyId, grantTokens: [''] }, TYPE, /1 to 8192 characters/],
    [{ keyId, grantTokens: ['x'.repeat(8_193)] }, TYPE, /1 to 8192 characters/],
    [{ keyId, grantTokens: Array(11).fill('x') }, RANGE, /at most 10 tokens, and has 11/],
    [{ keyId, keySpec: 'AES_192' }, TYPE, /AES_256 or AES_128/],
    [{ keyId, keySpec: 'AES_256', numberOfBytes: 32 }, TYPE, /keySpec or numberOfBytes, not both/],
    [{ keyId, numberOfBytes: '32' }, TYPE, /numberOfBytes must be a number/],
    [{ keyId, numberOfBytes: 0 }, RANGE, /from 1 to 1024/],
    [{ keyId, numberOfBytes: 1_025 }, RANGE, /from 1 to 1024/],
    [{ keyId, numberOfBytes: 32.5 }, RANGE, /from 1 to 1024/],
    [{ keyId, timeout: '10' }, TYPE, /timeout must be a number of milliseconds/],
    [{ keyId, timeout: 0 }, RANGE, /timeout must be an integer from 1/],
    [{ keyId, timeout: Number.NaN }, RANGE, /timeout/],
    [{ keyId, timeout: Number.POSITIVE_INFINITY }, RANGE, /timeout/],
    [{ keyId, timeout: 2 ** 31 }, RANGE, /2147483647/],
    [{ keyId, waitForNewKey: -1 }, RANGE, /waitForNewKey must be an integer from 0/],
    [{ keyId, waitForNewKey: true }, TYPE, /waitForNewKey/],
  ])('%j are refused', (options, kind, why) => {
    const make = () => kms(options as KmsOptions);
    expect(make).toThrow(kind);
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_SEALPIPE_OPTIONS' }));
    expect(make).toThrow(why);
  });

  it.each<[KmsOptions]>([
    [{ keyId, timeout: 1 }],
    [{ keyId, timeout: 2 ** 31 - 1, waitForNewKey: 0 }],
    [{ keyId, numberOfBytes: 1 }],
    [{ keyId, numberOfBytes: 1_024 }],
    [{ keyId, grantTokens: Array(10).fill('x'.repeat(8_192)) }],
    [{ keyId: 'mrk-1234abcd12ab34cd56ef1234567890ab' }],
    [{ keyId: 'arn:aws-us-gov:kms:us-gov-west-1:111122223333:alias/a/b:c_d' }],
    [{ discovery: { accounts, partition: 'aws-cn', regions: ['cn-north-1'] } }],
    [{ keyId, clientConfig: createLocalKms().clientConfig }],
  ])('%j are taken', (options) => expect(kms(options).id).toMatch(/^aws-kms:/));

  it('are read once: what the caller changes later has no effect', () => {
    const discovery = { accounts: [...accounts] };
    const provider = kms({ discovery });
    discovery.accounts.push('999922223333');
    const key = 'arn:aws:kms:eu-west-1:999922223333:key/a';
    expect(provider.matches({ provider: 'aws-kms', key, wrapped: new Uint8Array(1) })).toBe(false);
  });
});

describe('the types of the options', () => {
  it('say what the run time says', () => {
    const client = new KMSClient({ region: 'eu-west-1' });
    // @ts-expect-error neither a key nor discovery
    expect(() => kms({})).toThrow(TypeError);
    // @ts-expect-error discovery without accounts
    expect(() => kms({ discovery: {} })).toThrow(TypeError);
    // @ts-expect-error both lengths
    expect(() => kms({ keyId, keySpec: 'AES_256', numberOfBytes: 32 })).toThrow(TypeError);
    // @ts-expect-error not a key spec for this
    expect(() => kms({ keyId, keySpec: 'AES_192' })).toThrow(TypeError);
    // @ts-expect-error both kinds of client
    expect(() => kms({ keyId, client, clientConfig: {} })).toThrow(TypeError);
    // @ts-expect-error no such option
    expect(() => kms({ keyId, region: 'eu-west-1' })).toThrow(TypeError);
  });

  it('take a KMSClient, a function, and anything like a client', () => {
    const like: KmsClientLike = { send: async () => ({}), config: { region: async () => 'eu-west-1' } };
    const arn = 'arn:aws:kms:eu-west-1:111122223333:key/a';
    kms({ keyId, client: new KMSClient({ region: 'eu-west-1' }) });
    kms({ keyId: arn, client: (region) => new KMSClient({ region }) });
    kms({ keyId: arn, client: async () => like });
    expect(kms({ keyId, client: like }).id).toBe('aws-kms:alias/a');
  });
});
