import {
  CreateAliasCommand,
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  KMSClient,
  ScheduleKeyDeletionCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms';
import { afterEach, describe, expect, it } from 'vitest';
import { kms } from '../../../src/keys/kms/index.js';
import { createLocalKms } from '../../../src/local-kms/index.js';
import { keyRequest } from '../../conformance/key-request.js';
import { rejection } from './service-for-tests.js';

const UNAVAILABLE = { code: 'ERR_SEALPIPE_KEY_UNAVAILABLE', retryable: false };

describe('a key of the embedded KMS', () => {
  const localKms = createLocalKms();
  const { clientConfig } = localKms;
  const client = new KMSClient(clientConfig);
  const createKey = async () => (await client.send(new CreateKeyCommand({}))).KeyMetadata!.Arn!;
  afterEach(() => client.destroy());

  it('that is disabled seals and opens nothing until it is enabled', async () => {
    const KeyId = await createKey();
    const provider = kms({ keyId: KeyId, clientConfig });
    const { dataKey, recipient } = await provider.generate(keyRequest());
    await client.send(new DisableKeyCommand({ KeyId }));
    for (const call of [provider.generate(keyRequest()), provider.unwrap(recipient, keyRequest())]) {
      const error = await rejection(call);
      expect(error).toMatchObject(UNAVAILABLE);
      expect(error.message).toMatch(/is disabled.*enable-key/);
    }
    await client.send(new EnableKeyCommand({ KeyId }));
    expect(await provider.unwrap(recipient, keyRequest())).toEqual(dataKey);
  });

  it('that is to be deleted says how to keep it', async () => {
    const KeyId = await createKey();
    await client.send(new ScheduleKeyDeletionCommand({ KeyId }));
    const error = await rejection(kms({ keyId: KeyId, clientConfig }).generate(keyRequest()));
    expect(error).toMatchObject(UNAVAILABLE);
    expect(error.message).toMatch(/scheduled for deletion.*cancel-key-deletion/);
  });

  it('that does not exist is not found', async () => {
    const keyId = (await createKey()).replace(/[0-9a-f]{12}$/, '000000000000');
    for (const name of [keyId, 'alias/nobody']) {
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
