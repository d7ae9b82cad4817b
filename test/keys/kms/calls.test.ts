import { describe, expect, it } from 'vitest';
import type { KmsOptions } from '../../../src/keys/kms/index.js';
import { kms } from '../../../src/keys/kms/index.js';
import { keyRequest } from '../../conformance/key-request.js';
import { rejection, serviceForTests } from './service-for-tests.js';

const context = { tenant: '42' };

describe('what is asked of KMS', () => {
  const service = serviceForTests();
  const make = (more: object = {}) => {
    const keyId = service().kms.createKey();
    return { keyId, provider: kms({ keyId, clientConfig: service().clientConfig(), ...more } as KmsOptions) };
  };
  const inputs = () => service().received.map(({ operation, input }) => ({ operation, ...input }));

  it('is one call for each method, always with the key and the context', async () => {
    const { keyId, provider } = make();
    const { recipient, dataKey } = await provider.generate(keyRequest({ context }));
    await provider.wrap(dataKey, keyRequest({ context }));
    await provider.unwrap(recipient, keyRequest({ context }));
    const common = { KeyId: keyId, EncryptionContext: context };
    const [base64, wrapped] = [dataKey, recipient.wrapped].map((bytes) =>
      Buffer.from(bytes).toString('base64'),
    );
    expect(inputs()).toEqual([
      { operation: 'GenerateDataKey', KeySpec: 'AES_256', ...common },
      { operation: 'Encrypt', Plaintext: base64, ...common },
      { operation: 'Decrypt', CiphertextBlob: wrapped, ...common },
    ]);
    expect(recipient).toMatchObject({ provider: 'aws-kms', key: keyId });
  });

  it('leaves an empty context out', async () => {
    const { provider } = make();
    const { recipient } = await provider.generate(keyRequest());
    await provider.wrap(Buffer.alloc(32, 1), keyRequest());
    await provider.unwrap(recipient, keyRequest());
    for (const input of inputs()) expect(input).not.toHaveProperty('EncryptionContext');
  });

  it('carries the grant tokens every time', async () => {
    const { provider } = make({ grantTokens: ['one', 'two'] });
    const { recipient, dataKey } = await provider.generate(keyRequest());
    await provider.wrap(dataKey, keyRequest());
    await provider.unwrap(recipient, keyRequest());
    await provider.rewrap?.(recipient, provider, keyRequest());
    expect(inputs()).toHaveLength(4);
    for (const input of inputs()) expect(input).toMatchObject({ GrantTokens: ['one', 'two'] });
  });

  it.each([
    [16, {}, { KeySpec: 'AES_128' }, 16],
    [32, {}, { KeySpec: 'AES_256' }, 32],
    [24, {}, { NumberOfBytes: 24 }, 24],
    [16, { keySpec: 'AES_256' }, { KeySpec: 'AES_256' }, 32],
    [32, { numberOfBytes: 32 }, { NumberOfBytes: 32 }, 32],
    [32, { numberOfBytes: 1_024 }, { NumberOfBytes: 1_024 }, 1_024],
  ])('for a suite of %i bytes and %j is %j', async (dataKeyBytes, options, asked, length) => {
    const { provider } = make(options);
    const { dataKey, recipient } = await provider.generate(keyRequest({ dataKeyBytes }));
    expect(dataKey).toHaveLength(length);
    expect(inputs()[0]).toMatchObject(asked);
    expect(await provider.unwrap(recipient, keyRequest({ dataKeyBytes }))).toEqual(dataKey);
  });

  it.each([
    [{ keySpec: 'AES_128' }, /keySpec AES_128 gives data keys of 16 bytes, and the suite needs 32/],
    [{ numberOfBytes: 31 }, /numberOfBytes 31 gives data keys of 31 bytes, and the suite needs 32/],
  ])('is nothing where %j is too short for the suite', async (options, why) => {
    const error = await rejection(make(options).provider.generate(keyRequest()));
    expect(error).toMatchObject({ name: 'RangeError', code: 'ERR_SEALPIPE_OPTIONS' });
    expect(error.message).toMatch(why);
    expect(inputs()).toEqual([]);
  });

  it('is nothing where discovery alone is to seal', async () => {
    const clientConfig = service().clientConfig();
    const provider = kms({ discovery: { accounts: ['111122223333'] }, clientConfig });
    for (const call of [provider.generate(keyRequest()), provider.wrap(Buffer.alloc(32), keyRequest())]) {
      const error = await rejection(call);
      expect(error).toMatchObject({ name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' });
      expect(error.message).toMatch(/give keyId to say which key seals/);
    }
    expect(inputs()).toEqual([]);
  });

  it.each([0, 31, 1_025])('is nothing for a data key of %i bytes to wrap', async (length) => {
    const error = await rejection(make().provider.wrap(Buffer.alloc(length), keyRequest()));
    expect(error).toMatchObject({ name: 'RangeError', code: 'ERR_SEALPIPE_OPTIONS' });
    expect(inputs()).toEqual([]);
  });

  it('is nothing for a context that is not of strings', async () => {
    const request = { ...keyRequest(), encryptionContext: { tenant: 42 as unknown as string } };
    const error = await rejection(make().provider.generate(request));
    expect(error).toMatchObject({ name: 'TypeError', code: 'ERR_SEALPIPE_CONTEXT' });
    expect(inputs()).toEqual([]);
  });

  it('is nothing for a recipient that is not of these keys', async () => {
    const { provider } = make();
    const key = service().kms.createKey();
    const stranger = { provider: 'aws-kms', key, wrapped: new Uint8Array([1]) };
    const error = await rejection(provider.unwrap(stranger, keyRequest()));
    expect(error).toMatchObject({ code: 'ERR_SEALPIPE_KEY_MISMATCH' });
    expect(inputs()).toEqual([]);
  });

  it('is nothing before the first stream', () => {
    const { provider } = make();
    expect(provider.id).toMatch(/^aws-kms:arn:aws:kms:/);
    expect(inputs()).toEqual([]);
  });
});

it('a client that throws what cannot be read has failed, as any other', async () => {
  const unreadable = new Proxy(new Error('no'), {
    get: () => {
      throw new Error('on purpose');
    },
  });
  const client = { config: { region: () => 'eu-west-1' }, send: () => Promise.reject(unreadable) };
  const error = await rejection(kms({ keyId: 'alias/a', client }).generate(keyRequest()));
  expect(error).toMatchObject({ name: 'SealpipeError', code: 'ERR_SEALPIPE_KEY_UNAVAILABLE' });
});
