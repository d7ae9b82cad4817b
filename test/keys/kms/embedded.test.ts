import { CreateAliasCommand, CreateKeyCommand, KMSClient, UpdateAliasCommand } from '@aws-sdk/client-kms';
import { afterEach, describe, expect, it } from 'vitest';
import { kms } from '../../../src/keys/kms/index.js';
import { createLocalKms } from '../../../src/local-kms/index.js';
import { keyRequest } from '../../conformance/key-request.js';
import { rejection } from './service-for-tests.js';

describe('a key of the embedded KMS', () => {
  const localKms = createLocalKms();
  const { clientConfig } = localKms;
  const client = new KMSClient(clientConfig);
  const createKey = async () => (await client.send(new CreateKeyCommand({}))).KeyMetadata!.Arn!;
  afterEach(() => client.destroy());

  it('that does not exist is not found', async () => {
    const keyId = (await createKey()).replace(/[0-9a-f]{12}$/, '000000000000');
    const aliasArn = keyId.replace(/key\/.*/, 'alias/nobody');
    for (const name of [keyId, keyId.split('/')[1]!, 'no-such-id', 'alias/nobody', aliasArn]) {
      const error = await rejection(kms({ keyId: name, clientConfig }).generate(keyRequest()));
      expect(error).toMatchObject({ code: 'ERR_SEALPIPE_KEY_NOT_FOUND', retryable: false });
      expect(error.message).toContain(`${name} in local`);
    }
  });

  it('opens by its ARN after its alias was re-pointed, and no longer by the alias', async () => {
    const [old, next] = [await createKey(), await createKey()];
    await client.send(new CreateAliasCommand({ AliasName: 'alias/moves', TargetKeyId: old }));
    const byAlias = kms({ keyId: 'alias/moves', clientConfig });
    const { dataKey, recipient } = await byAlias.generate(keyRequest());
    await client.send(new UpdateAliasCommand({ AliasName: 'alias/moves', TargetKeyId: next }));
    const error = await rejection(byAlias.unwrap(recipient, keyRequest()));
    expect(error).toMatchObject({ code: 'ERR_SEALPIPE_AUTHENTICATION' });
    expect(await kms({ keyId: old, clientConfig }).unwrap(recipient, keyRequest())).toEqual(dataKey);
  });

  it('outlives close() of a provider: the KMS is not the provider’s to close', async () => {
    const provider = kms({ keyId: await createKey(), clientConfig });
    await provider.generate(keyRequest());
    provider.close();
    expect((await provider.generate(keyRequest())).dataKey).toHaveLength(32);
  });
});
