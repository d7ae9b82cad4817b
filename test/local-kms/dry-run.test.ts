import type { KMSClient } from '@aws-sdk/client-kms';
import {
  DecryptCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  ReEncryptCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { createKey, INVALID_CIPHERTEXT, localClient, refusal } from './support/local-client.js';

const WOULD_SUCCEED = {
  name: 'DryRunOperationException',
  status: 400,
  message: 'The request would have succeeded, but the DryRun option is set.',
};

const Plaintext = Buffer.from('x');

async function subject() {
  const { client } = localClient();
  const { keyId, arn } = await createKey(client);
  const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: keyId, Plaintext }));
  return { client, keyId, arn, CiphertextBlob: CiphertextBlob! };
}

type Call = (client: KMSClient, KeyId: string, CiphertextBlob: Uint8Array) => Promise<unknown>;

const CALLS: readonly [string, Call][] = [
  [
    'GenerateDataKey',
    (client, KeyId) => client.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', DryRun: true })),
  ],
  [
    'GenerateDataKeyWithoutPlaintext',
    (client, KeyId) =>
      client.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: 'AES_256', DryRun: true })),
  ],
  ['Encrypt', (client, KeyId) => client.send(new EncryptCommand({ KeyId, Plaintext, DryRun: true }))],
  [
    'Decrypt',
    (client, KeyId, CiphertextBlob) =>
      client.send(new DecryptCommand({ KeyId, CiphertextBlob, DryRun: true })),
  ],
  [
    'ReEncrypt',
    (client, KeyId, CiphertextBlob) =>
      client.send(
        new ReEncryptCommand({ SourceKeyId: KeyId, DestinationKeyId: KeyId, CiphertextBlob, DryRun: true }),
      ),
  ],
];

describe('a dry run', () => {
  test.each(CALLS)('of %s that would succeed says so', async (_name, call) => {
    const { client, keyId, CiphertextBlob } = await subject();
    expect(await refusal(call(client, keyId, CiphertextBlob))).toEqual(WOULD_SUCCEED);
  });

  test.each(CALLS)('of %s meets the state of the key', async (_name, call) => {
    const { client, keyId, arn, CiphertextBlob } = await subject();
    await client.send(new DisableKeyCommand({ KeyId: keyId }));
    expect(await refusal(call(client, keyId, CiphertextBlob))).toEqual({
      name: 'DisabledException',
      status: 400,
      message: `${arn} is disabled.`,
    });
  });

  test.each(CALLS)('of %s meets a key that is not there', async (_name, call) => {
    const { client, CiphertextBlob } = await subject();
    const outcome = await refusal(call(client, 'alias/none', CiphertextBlob));
    expect(outcome.name).toBe('NotFoundException');
  });

  test('meets a damaged ciphertext, and a destination that cannot be used', async () => {
    const { client, keyId, CiphertextBlob } = await subject();
    const damaged = Buffer.from(CiphertextBlob);
    damaged[100]! ^= 1;
    const decrypt = new DecryptCommand({ CiphertextBlob: damaged, DryRun: true });
    expect(await refusal(client.send(decrypt))).toEqual(INVALID_CIPHERTEXT);
    const reEncrypt = new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: 'alias/none', DryRun: true });
    expect((await refusal(client.send(reEncrypt))).name).toBe('NotFoundException');
    expect(keyId).toBeDefined();
  });

  test('that is not one is a call', async () => {
    const { client, CiphertextBlob } = await subject();
    await expect(client.send(new DecryptCommand({ CiphertextBlob, DryRun: false }))).resolves.toBeDefined();
  });
});

describe('a dry run that ignores the ciphertext', () => {
  const ignoring = { DryRun: true, DryRunModifiers: ['IGNORE_CIPHERTEXT' as const] };

  test('needs none, but a key', async () => {
    const { client, keyId } = await subject();
    expect(await refusal(client.send(new DecryptCommand({ ...ignoring, KeyId: keyId })))).toEqual(
      WOULD_SUCCEED,
    );
    expect((await refusal(client.send(new DecryptCommand(ignoring)))).message).toBe(
      "1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null",
    );
    const reEncrypt = { ...ignoring, SourceKeyId: keyId, DestinationKeyId: keyId };
    expect(await refusal(client.send(new ReEncryptCommand(reEncrypt)))).toEqual(WOULD_SUCCEED);
    const toNowhere = new ReEncryptCommand({ ...reEncrypt, DestinationKeyId: 'alias/none' });
    expect((await refusal(client.send(toNowhere))).name).toBe('NotFoundException');
  });

  test('ignores nothing without DryRun', async () => {
    const { client, keyId } = await subject();
    const call = new DecryptCommand({
      ...ignoring,
      DryRun: false,
      KeyId: keyId,
      CiphertextBlob: Buffer.alloc(200),
    });
    expect(await refusal(client.send(call))).toEqual(INVALID_CIPHERTEXT);
  });
});
