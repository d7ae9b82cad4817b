import type { KMSClient } from '@aws-sdk/client-kms';
import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  DecryptCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  ListAliasesCommand,
  ListKeysCommand,
  ReEncryptCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { createKey, localClient, refusal } from './support/local-client.js';

interface Subject {
  readonly client: KMSClient;
  readonly keyId: string;
  readonly arn: string;
  /** Sealed with the key while it was enabled. */
  readonly blob: Uint8Array;
  /** An enabled key. */
  readonly other: string;
}

const PLAINTEXT = Buffer.from('data');

async function subject(): Promise<Subject> {
  const { client } = localClient();
  const { keyId, arn } = await createKey(client);
  const { keyId: other } = await createKey(client);
  await client.send(new CreateAliasCommand({ AliasName: 'alias/other', TargetKeyId: other }));
  await client.send(new CreateAliasCommand({ AliasName: 'alias/own', TargetKeyId: keyId }));
  const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: keyId, Plaintext: PLAINTEXT }));
  return { client, keyId, arn, blob: CiphertextBlob!, other };
}

const CALLS: Readonly<Record<string, (subject: Subject) => Promise<unknown>>> = {
  GenerateDataKey: ({ client, keyId }) =>
    client.send(new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256' })),
  GenerateDataKeyWithoutPlaintext: ({ client, keyId }) =>
    client.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId: keyId, KeySpec: 'AES_256' })),
  Encrypt: ({ client, keyId }) => client.send(new EncryptCommand({ KeyId: keyId, Plaintext: PLAINTEXT })),
  Decrypt: ({ client, blob }) => client.send(new DecryptCommand({ CiphertextBlob: blob })),
  'Decrypt by name': ({ client, keyId, blob }) =>
    client.send(new DecryptCommand({ KeyId: keyId, CiphertextBlob: blob })),
  'ReEncrypt from': ({ client, blob, other }) =>
    client.send(new ReEncryptCommand({ CiphertextBlob: blob, DestinationKeyId: other })),
  'ReEncrypt to': async ({ client, keyId, other }) => {
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: other, Plaintext: PLAINTEXT }));
    return client.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: keyId }));
  },
  RotateKeyOnDemand: ({ client, keyId }) => client.send(new RotateKeyOnDemandCommand({ KeyId: keyId })),
  EnableKey: ({ client, keyId }) => client.send(new EnableKeyCommand({ KeyId: keyId })),
  DisableKey: ({ client, keyId }) => client.send(new DisableKeyCommand({ KeyId: keyId })),
  ScheduleKeyDeletion: ({ client, keyId }) => client.send(new ScheduleKeyDeletionCommand({ KeyId: keyId })),
  CancelKeyDeletion: ({ client, keyId }) => client.send(new CancelKeyDeletionCommand({ KeyId: keyId })),
  CreateAlias: ({ client, keyId }) =>
    client.send(new CreateAliasCommand({ AliasName: 'alias/new', TargetKeyId: keyId })),
  UpdateAlias: ({ client, keyId }) =>
    client.send(new UpdateAliasCommand({ AliasName: 'alias/other', TargetKeyId: keyId })),
  DeleteAlias: ({ client }) => client.send(new DeleteAliasCommand({ AliasName: 'alias/own' })),
  DescribeKey: ({ client, keyId }) => client.send(new DescribeKeyCommand({ KeyId: keyId })),
  ListKeys: ({ client }) => client.send(new ListKeysCommand({})),
  ListAliases: ({ client, keyId }) => client.send(new ListAliasesCommand({ KeyId: keyId })),
};

const disabled = (arn: string) => ({
  name: 'DisabledException',
  status: 400,
  message: `${arn} is disabled.`,
});
const pending = (arn: string) => ({
  name: 'KMSInvalidStateException',
  status: 400,
  message: `${arn} is pending deletion.`,
});
const notPending = (arn: string) => ({ ...pending(arn), message: `${arn} is not pending deletion.` });

const USES = [
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'Encrypt',
  'Decrypt',
  'Decrypt by name',
  'ReEncrypt from',
  'ReEncrypt to',
  'RotateKeyOnDemand',
];
const CHANGES = ['EnableKey', 'DisableKey', 'ScheduleKeyDeletion', 'CreateAlias', 'UpdateAlias'];

describe('an enabled key', () => {
  test.each(Object.keys(CALLS).filter((name) => name !== 'CancelKeyDeletion'))('allows %s', async (name) => {
    await expect(CALLS[name]!(await subject())).resolves.toBeDefined();
  });

  test('is not pending deletion', async () => {
    const key = await subject();
    expect(await refusal(CALLS.CancelKeyDeletion!(key))).toEqual(notPending(key.arn));
  });
});

describe('a disabled key', () => {
  async function disabledSubject(): Promise<Subject> {
    const key = await subject();
    await key.client.send(new DisableKeyCommand({ KeyId: key.keyId }));
    return key;
  }

  test.each(USES)('refuses %s', async (name) => {
    const key = await disabledSubject();
    expect(await refusal(CALLS[name]!(key))).toEqual(disabled(key.arn));
  });

  test.each([...CHANGES, 'DeleteAlias', 'DescribeKey', 'ListKeys', 'ListAliases'])(
    'allows %s',
    async (name) => {
      await expect(CALLS[name]!(await disabledSubject())).resolves.toBeDefined();
    },
  );

  test('is not pending deletion', async () => {
    const key = await disabledSubject();
    expect(await refusal(CALLS.CancelKeyDeletion!(key))).toEqual(notPending(key.arn));
  });

  test('works again once enabled', async () => {
    const key = await disabledSubject();
    const { KeyMetadata } = await key.client.send(new DescribeKeyCommand({ KeyId: key.keyId }));
    expect(KeyMetadata).toMatchObject({ KeyState: 'Disabled', Enabled: false });
    await key.client.send(new EnableKeyCommand({ KeyId: key.keyId }));
    await expect(CALLS.Decrypt!(key)).resolves.toMatchObject({ KeyId: key.arn });
  });
});

describe('a key that is pending deletion', () => {
  async function pendingSubject(): Promise<Subject> {
    const key = await subject();
    await key.client.send(new ScheduleKeyDeletionCommand({ KeyId: key.keyId }));
    return key;
  }

  test.each([...USES, ...CHANGES])('refuses %s', async (name) => {
    const key = await pendingSubject();
    expect(await refusal(CALLS[name]!(key))).toEqual(pending(key.arn));
  });

  test.each(['DeleteAlias', 'DescribeKey', 'ListKeys', 'ListAliases'])('allows %s', async (name) => {
    await expect(CALLS[name]!(await pendingSubject())).resolves.toBeDefined();
  });

  test('is disabled once the deletion is cancelled', async () => {
    const key = await pendingSubject();
    const answer = await key.client.send(new CancelKeyDeletionCommand({ KeyId: key.keyId }));
    expect(answer.KeyId).toBe(key.arn);
    const { KeyMetadata } = await key.client.send(new DescribeKeyCommand({ KeyId: key.keyId }));
    expect(KeyMetadata!.KeyState).toBe('Disabled');
    expect(KeyMetadata!.DeletionDate).toBeUndefined();
    expect(await refusal(CALLS.Decrypt!(key))).toEqual(disabled(key.arn));
  });
});
