import { KMSClient } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { kms } from '../../../src/keys/kms/index.js';
import { rawKey } from '../../../src/keys/raw.js';
import { createLocalKms } from '../../../src/local-kms/index.js';
import { keyRequest } from '../../conformance/key-request.js';
import { refusal } from './fake-service.js';
import { rejection, serviceForTests, told } from './service-for-tests.js';

const context = { tenant: '42' };

describe('re-wrapping', () => {
  const service = serviceForTests();
  const make = (region = 'eu-west-1') =>
    kms({ keyId: service().kms.createKey({ region }), clientConfig: service().clientConfig(region) });
  const operations = () => service().received.map(({ operation }) => operation);

  it('is one ReEncrypt, and the data key stays in KMS', async () => {
    const [from, to] = [make(), make()];
    const { dataKey, recipient } = await from.generate(keyRequest({ context }));
    const next = await from.rewrap?.(recipient, to, keyRequest({ context }));
    expect(operations()).toEqual(['GenerateDataKey', 'ReEncrypt']);
    expect(service().received[1]?.input).toMatchObject({
      SourceKeyId: recipient.key,
      DestinationKeyId: next?.key,
      SourceEncryptionContext: context,
      DestinationEncryptionContext: context,
    });
    expect(to.matches(next!)).toBe(true);
    expect(await to.unwrap(next!, keyRequest({ context }))).toEqual(dataKey);
  });

  it('works between keys of the embedded KMS', async () => {
    const { clientConfig, close } = createLocalKms();
    const { CreateKeyCommand } = await import('@aws-sdk/client-kms');
    const newKey = async () =>
      (await new KMSClient(clientConfig).send(new CreateKeyCommand({}))).KeyMetadata!.Arn!;
    const [from, to] = [
      kms({ keyId: await newKey(), clientConfig }),
      kms({ keyId: await newKey(), clientConfig }),
    ];
    const { dataKey, recipient } = await from.generate(keyRequest({ context }));
    const next = await from.rewrap?.(recipient, to, keyRequest({ context }));
    expect(await to.unwrap(next!, keyRequest({ context }))).toEqual(dataKey);
    await close();
  });

  it.each<[string, () => Parameters<NonNullable<ReturnType<typeof kms>['rewrap']>>[1]]>([
    ['a provider of another kind', () => rawKey({ name: 'a', key: Buffer.alloc(32, 1) })],
    ['a key in another region', () => make('us-east-2')],
    [
      'discovery, which seals nothing',
      () => kms({ discovery: { accounts: ['111122223333'] }, clientConfig: service().clientConfig() }),
    ],
    [
      'a key with credentials of its own',
      () =>
        kms({
          keyId: service().kms.createKey(),
          clientConfig: {
            ...service().clientConfig(),
            credentials: { accessKeyId: 'B', secretAccessKey: 's' },
          },
        }),
    ],
    [
      'a key with a client of its own',
      () => kms({ keyId: service().kms.createKey(), client: new KMSClient(service().clientConfig()) }),
    ],
  ])('leaves %s to be unwrapped and wrapped', async (_, to) => {
    const credentials = { accessKeyId: 'A', secretAccessKey: 's' };
    const keyId = service().kms.createKey();
    const from = kms({ keyId, clientConfig: { ...service().clientConfig(), credentials } });
    const { recipient } = await from.generate(keyRequest());
    expect(await from.rewrap?.(recipient, to(), keyRequest())).toBeUndefined();
    expect(operations()).toEqual(['GenerateDataKey']);
  });

  it('leaves two keys with more grant tokens than one call takes to be unwrapped and wrapped', async () => {
    const tokens = (first: number, count: number) => Array.from({ length: count }, (_, i) => `${first + i}`);
    const make = (grantTokens: readonly string[]) =>
      kms({ keyId: service().kms.createKey(), clientConfig, grantTokens });
    const clientConfig = service().clientConfig();
    const from = make(tokens(0, 6));
    const { recipient } = await from.generate(keyRequest());
    expect(await from.rewrap?.(recipient, make(tokens(6, 5)), keyRequest())).toBeUndefined();
    expect(operations()).toEqual(['GenerateDataKey']);
    expect(await from.rewrap?.(recipient, make(tokens(5, 5)), keyRequest())).toBeDefined();
    expect(service().received[1]?.input['GrantTokens']).toEqual(tokens(0, 10));
  });

  it('leaves a recipient of another key alone', async () => {
    const [from, to] = [make(), make()];
    const { recipient } = await to.generate(keyRequest());
    expect(await from.rewrap?.(recipient, to, keyRequest())).toBeUndefined();
  });

  it('under another context is refused', async () => {
    const [from, to] = [make(), make()];
    const { recipient } = await from.generate(keyRequest({ context }));
    const error = await rejection(from.rewrap!(recipient, to, keyRequest()));
    expect(error).toMatchObject({ code: 'ERR_SEALPIPE_AUTHENTICATION' });
  });

  it('that is denied names both actions and both keys', async () => {
    const [from, to] = [make(), make()];
    const { recipient } = await from.generate(keyRequest());
    service().fault = () => refusal('AccessDeniedException');
    const error = await rejection(from.rewrap!(recipient, to, keyRequest()));
    expect(error).toMatchObject({ code: 'ERR_SEALPIPE_KEY_DENIED' });
    expect(told(error)).toMatch(/kms:ReEncryptFrom and kms:ReEncryptTo/);
    expect(error.message).toContain(recipient.key);
  });

  it.each([
    ['opened by another key', { SourceKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/x' }, 'AUTHENTICATION'],
    ['made for another key', { KeyId: 'arn:aws:kms:eu-west-1:111122223333:key/x' }, 'KEY_UNAVAILABLE'],
    ['empty', { CiphertextBlob: '' }, 'KEY_UNAVAILABLE'],
  ])('does not take an answer that is %s', async (_, fields, code) => {
    const [from, to] = [make(), make()];
    const { recipient } = await from.generate(keyRequest());
    service().fault = ({ operation, input, region }) => ({
      status: 200,
      body: JSON.stringify({ ...service().kms.answer(operation, input, region), ...fields }),
    });
    const error = await rejection(from.rewrap!(recipient, to, keyRequest()));
    expect(error).toMatchObject({ code: `ERR_SEALPIPE_${code}` });
  });
});
