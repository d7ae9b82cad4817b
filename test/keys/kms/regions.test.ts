import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { describe, expect, it, vi } from 'vitest';
import { kms } from '../../../src/keys/kms/index.js';
import { createLocalKms } from '../../../src/local-kms/index.js';
import { keyRequest } from '../../conformance/key-request.js';
import { rejection, serviceForTests } from './service-for-tests.js';

const OPTIONS = 'ERR_SEALPIPE_OPTIONS';
const MISMATCH = 'ERR_SEALPIPE_KEY_MISMATCH';
const LOCAL_ARN = 'arn:aws:kms:local:111122223333:key/1234abcd';

describe('a call', () => {
  const service = serviceForTests();
  const regionsCalled = () => service().received.map(({ region }) => region);
  const sealedBy = async (keyId: string, region: string) => {
    const clientConfig = service().clientConfig(region);
    return (await kms({ keyId, clientConfig }).generate(keyRequest())).recipient;
  };

  it('goes to the region of the ARN, whatever the configured region', async () => {
    const keyId = service().kms.createKey({ region: 'us-east-2' });
    const provider = kms({ keyId, clientConfig: service().clientConfig('eu-west-1') });
    const { recipient } = await provider.generate(keyRequest());
    await provider.unwrap(recipient, keyRequest());
    expect(regionsCalled()).toEqual(['us-east-2', 'us-east-2']);
  });

  it('goes to the region of an alias ARN', async () => {
    const keyId = service().kms.createKey({ region: 'us-east-2' });
    service().kms.pointAlias('alias/a', keyId);
    const alias = keyId.replace(/key\/.*/, 'alias/a');
    await kms({ keyId: alias, clientConfig: service().clientConfig() }).generate(keyRequest());
    expect(regionsCalled()).toEqual(['us-east-2']);
  });

  it('through a lone client of another region is wrong use, and the error names both', async () => {
    const keyId = service().kms.createKey({ region: 'us-east-2' });
    const client = new KMSClient(service().clientConfig('eu-west-1'));
    const error = await rejection(kms({ keyId, client }).generate(keyRequest()));
    expect(error).toBeInstanceOf(TypeError);
    expect(error['code']).toBe(OPTIONS);
    expect(error.message).toMatch(
      /client calls region eu-west-1, and .* is in region us-east-2: give a client of us-east-2/,
    );
    expect(service().received).toEqual([]);
  });

  it('to a key that the stream names, in another region than the lone client, is no match', async () => {
    const recipient = await sealedBy(service().kms.createKey({ region: 'us-east-2' }), 'us-east-2');
    const client = new KMSClient(service().clientConfig('eu-west-1'));
    const provider = kms({ discovery: { accounts: ['111122223333'] }, client });
    const error = await rejection(provider.unwrap(recipient, keyRequest()));
    expect(error).toMatchObject({ code: MISMATCH });
    expect(error.message).toMatch(/eu-west-1.*us-east-2.*function of the region/);
    expect(service().received).toHaveLength(1);
  });

  it('takes the client that a function gives, and asks it once for each region', async () => {
    const make = vi.fn((region: string) => new KMSClient(service().clientConfig(region)));
    const here = service().kms.createKey({ region: 'eu-west-1' });
    const there = service().kms.createKey({ region: 'us-east-2' });
    const recipients = [await sealedBy(here, 'eu-west-1'), await sealedBy(there, 'us-east-2')];
    const provider = kms({ discovery: { accounts: ['111122223333'] }, client: make });
    for (const recipient of [...recipients, ...recipients]) await provider.unwrap(recipient, keyRequest());
    expect(make.mock.calls).toEqual([['eu-west-1'], ['us-east-2']]);
    expect(regionsCalled().slice(2)).toEqual(['eu-west-1', 'us-east-2', 'eu-west-1', 'us-east-2']);
  });

  it.each([
    ['a client of another region', () => new KMSClient({ region: 'us-west-1' }), /us-west-1/],
    ['something else', () => ({}) as never, /must return a KMSClient/],
  ])('through a function that gives %s is wrong use', async (_, client, why) => {
    const keyId = service().kms.createKey();
    const error = await rejection(kms({ keyId, client }).generate(keyRequest()));
    expect(error).toMatchObject({ name: 'TypeError', code: OPTIONS, message: expect.stringMatching(why) });
  });

  it('asks a function again that failed once', async () => {
    let failures = 1;
    const client = (region: string) => {
      if (failures-- > 0) throw new TypeError('not now');
      return new KMSClient(service().clientConfig(region));
    };
    const provider = kms({ keyId: service().kms.createKey(), client });
    expect(await rejection(provider.generate(keyRequest()))).toMatchObject({ cause: { name: 'TypeError' } });
    expect((await provider.generate(keyRequest())).dataKey).toHaveLength(32);
  });

  it('for a key id is no match where the key is in another region than the client', async () => {
    const arn = service().kms.createKey({ region: 'us-east-2' });
    const recipient = await sealedBy(arn, 'us-east-2');
    const provider = kms({ keyId: arn.split('/')[1]!, clientConfig: service().clientConfig('eu-west-1') });
    expect(provider.matches(recipient)).toBe(true);
    const error = await rejection(provider.unwrap(recipient, keyRequest()));
    expect(error).toMatchObject({
      code: MISMATCH,
      message: expect.stringMatching(/eu-west-1/),
      hint: 'Name the key by its ARN',
    });
    expect(service().received).toHaveLength(1);
  });
});

describe('region local', () => {
  const service = serviceForTests();
  const wrapped = new Uint8Array([1, 2, 3]);
  const recipient = { provider: 'aws-kms', key: LOCAL_ARN, wrapped };
  const discovery = { accounts: ['111122223333'] };

  it.each([
    ['its ARN', { keyId: LOCAL_ARN }],
    ['an alias ARN', { keyId: 'arn:aws:kms:local:111122223333:alias/a' }],
  ])('is not called for %s through a client of AWS', async (_, key) => {
    const provider = kms({ ...key, clientConfig: service().clientConfig('eu-west-1') });
    expect(await rejection(provider.generate(keyRequest()))).toMatchObject({ code: OPTIONS });
    expect(await rejection(provider.unwrap(recipient, keyRequest()))).toMatchObject({ code: OPTIONS });
    expect(service().received).toEqual([]);
  });

  it.each([
    ['a region', { region: 'eu-west-1' }],
    ['no region', {}],
  ])(
    'is not called because a stream names it, with %s configured',
    async (_, { region }: { region?: string }) => {
      const { region: __, ...rest } = service().clientConfig();
      const provider = kms({ discovery, clientConfig: region === undefined ? rest : { ...rest, region } });
      expect(await rejection(provider.unwrap(recipient, keyRequest()))).toMatchObject({ code: MISMATCH });
      expect(service().received).toEqual([]);
    },
  );

  it('is not called without an endpoint of its own, also when the configuration names it', async () => {
    for (const options of [{ keyId: LOCAL_ARN }, { keyId: 'alias/a' }]) {
      const error = await rejection(
        kms({ ...options, clientConfig: { region: 'local' } }).generate(keyRequest()),
      );
      expect(error).toMatchObject({ code: OPTIONS, message: expect.stringMatching(/embedded KMS/) });
    }
  });

  it.each([
    'https://kms.us-east-1.amazonaws.com',
    'https://kms.example.com:8443/base',
    'http://10.0.0.7',
    'http://127.0.0.1.example.com',
    'http://[2001:db8::1]:80',
  ])('is not called at %s', async (endpoint) => {
    const handler = { handle: () => Promise.reject(new Error('it called')) } as never;
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const clientConfig = { region: 'local', endpoint, credentials, requestHandler: handler };
    for (const options of [{ keyId: LOCAL_ARN }, { keyId: 'alias/a' }]) {
      for (const client of [{ clientConfig }, { client: new KMSClient(clientConfig) }]) {
        const error = await rejection(kms({ ...options, ...client }).generate(keyRequest()));
        expect(error).toMatchObject({ code: OPTIONS, message: expect.stringMatching(/embedded KMS/) });
      }
    }
  });

  it.each(['http://127.0.0.1:4566', 'http://127.8.8.8', 'http://localhost:80', 'http://[::1]:8080'])(
    'is called at %s, on this machine',
    async (endpoint) => {
      const handle = vi.fn(() => Promise.reject(new Error('it called')));
      const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
      const requestHandler = { handle } as never;
      const clientConfig = { region: 'local', endpoint, credentials, requestHandler, maxAttempts: 1 };
      await rejection(kms({ keyId: LOCAL_ARN, clientConfig }).generate(keyRequest()));
      expect(handle).toHaveBeenCalledOnce();
    },
  );

  it('is not called through a function that makes clients of AWS', async () => {
    const asked: string[] = [];
    const client = (region: string) => {
      asked.push(region);
      return new KMSClient({
        region,
        requestHandler: { handle: () => Promise.reject(new Error('it called')) } as never,
      });
    };
    const fromStream = await rejection(kms({ discovery, client }).unwrap(recipient, keyRequest()));
    expect(fromStream).toMatchObject({ code: MISMATCH });
    const configured = await rejection(kms({ keyId: LOCAL_ARN, client }).unwrap(recipient, keyRequest()));
    expect(configured).toMatchObject({ code: OPTIONS });
    expect(asked).toEqual(['local', 'local']);
  });

  it('is called through a lone client of the in-process KMS, for what a stream names', async () => {
    const localKms = createLocalKms();
    const client = new KMSClient(localKms.clientConfig);
    const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
    const sealed = await kms({ keyId: KeyMetadata!.Arn!, client }).generate(keyRequest());
    const provider = kms({ discovery: { accounts: [KeyMetadata!.AWSAccountId!] }, client });
    expect(await provider.unwrap(sealed.recipient, keyRequest())).toEqual(sealed.dataKey);
    await localKms.close();
  });

  it('has a client that is not asked for keys of AWS', async () => {
    const provider = kms({ discovery, clientConfig: service().clientConfig('local') });
    const key = service().kms.createKey();
    expect(await rejection(provider.unwrap({ ...recipient, key }, keyRequest()))).toMatchObject({
      code: MISMATCH,
    });
    expect(service().received).toEqual([]);
  });
});
