import type { CreateKeyCommandInput } from '@aws-sdk/client-kms';
import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { createKey, localClient, refusal, validation } from '../support/local-client.js';

const UNKNOWN_KEY = '6f2e28f9-7602-47da-acd8-1afef05d688a';

describe('CreateKey', () => {
  test('answers the whole metadata of an enabled symmetric key', async () => {
    const { client } = localClient();
    const before = Date.now();
    const { KeyMetadata } = await client.send(new CreateKeyCommand({ Description: 'für Sicherungen' }));
    expect(KeyMetadata).toEqual({
      AWSAccountId: '000000000000',
      KeyId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      Arn: `arn:aws:kms:local:000000000000:key/${KeyMetadata!.KeyId}`,
      CreationDate: expect.any(Date),
      Enabled: true,
      Description: 'für Sicherungen',
      KeyUsage: 'ENCRYPT_DECRYPT',
      KeyState: 'Enabled',
      Origin: 'AWS_KMS',
      KeyManager: 'CUSTOMER',
      CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
      KeySpec: 'SYMMETRIC_DEFAULT',
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
      MultiRegion: false,
      CurrentKeyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(KeyMetadata!.CreationDate!.getTime()).toBeGreaterThanOrEqual(before);
    expect(KeyMetadata!.CreationDate!.getTime()).toBeLessThanOrEqual(Date.now());
  });

  test.each<[string, CreateKeyCommandInput]>([
    ['this value of keySpec', { KeySpec: 'RSA_2048' }],
    ['this value of keyUsage', { KeyUsage: 'SIGN_VERIFY' }],
    ['this value of origin', { Origin: 'EXTERNAL' }],
    ['this value of multiRegion', { MultiRegion: true }],
    ['policy', { Policy: '{}' }],
    ['tags', { Tags: [{ TagKey: 'a', TagValue: 'b' }] }],
    ['customKeyStoreId', { CustomKeyStoreId: 'cks-1' }],
    ['xksKeyId', { XksKeyId: 'x' }],
  ])('refuses rather than ignores %s', async (what, input) => {
    expect(await refusal(localClient().client.send(new CreateKeyCommand(input)))).toEqual({
      name: 'UnsupportedOperationException',
      status: 400,
      message: `The embedded KMS does not support ${what}.`,
    });
  });

  test.each([
    [8192, true],
    [8193, false],
  ])('takes a description of %i characters: %s', async (length, taken) => {
    const call = localClient().client.send(new CreateKeyCommand({ Description: 'é'.repeat(length) }));
    if (taken) await expect(call).resolves.toBeDefined();
    else
      expect((await refusal(call)).message).toMatch(
        /^1 validation error detected: Value 'é+' at 'description' failed/,
      );
  });
});

describe('DescribeKey', () => {
  test('takes a key id and a key ARN', async () => {
    const { client } = localClient();
    const { keyId, arn } = await createKey(client);
    for (const KeyId of [keyId, arn]) {
      const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
      expect(KeyMetadata!.Arn).toBe(arn);
    }
  });

  test.each([
    ['fake-key-id', 'NotFoundException', "Invalid keyId 'fake-key-id'"],
    [
      '134f2428cec14b25a1ae9048164dba47',
      'NotFoundException',
      "Invalid keyId '134f2428cec14b25a1ae9048164dba47'",
    ],
    ['mrk-fake-key-id', 'NotFoundException', "Invalid keyId 'mrk-fake-key-id'"],
    [UNKNOWN_KEY.toUpperCase(), 'NotFoundException', `Invalid keyId '${UNKNOWN_KEY.toUpperCase()}'`],
    ['../../etc/passwd', 'NotFoundException', "Invalid keyId '../../etc/passwd'"],
    [
      UNKNOWN_KEY,
      'NotFoundException',
      `Key 'arn:aws:kms:local:000000000000:key/${UNKNOWN_KEY}' does not exist`,
    ],
    [
      'mrk-134f2428cec14b25a1ae9048164dba47',
      'NotFoundException',
      "Key 'arn:aws:kms:local:000000000000:key/mrk-134f2428cec14b25a1ae9048164dba47' does not exist",
    ],
    [`arn:aws:kms:eu-west-1:000000000000:key/${UNKNOWN_KEY}`, 'NotFoundException', 'Invalid arn eu-west-1'],
    [
      `arn:aws:kms:local:111122223333:key/${UNKNOWN_KEY}`,
      'NotFoundException',
      `Key 'arn:aws:kms:local:111122223333:key/${UNKNOWN_KEY}' does not exist`,
    ],
    ['arn:aws:kms:local:000000000000:key/x', 'NotFoundException', "Invalid keyId 'x'"],
    ['arn:aws:s3:::bucket', 'InvalidArnException', 'Invalid arn arn:aws:s3:::bucket'],
    ['arn:', 'InvalidArnException', 'Invalid arn arn:'],
    ['alias/none', 'NotFoundException', 'Alias arn:aws:kms:local:000000000000:alias/none is not found.'],
  ])('of %s: %s', async (KeyId, name, message) => {
    const call = localClient().client.send(new DescribeKeyCommand({ KeyId }));
    expect(await refusal(call)).toEqual({ name, status: 400, message });
  });
});

describe('RotateKeyOnDemand', () => {
  test('makes a new material that encrypts, and keeps the old ones for what they sealed', async () => {
    const { kms, client } = localClient();
    const { keyId, arn } = await createKey(client);
    const blobs: Uint8Array[] = [];
    for (let rotation = 0; rotation < 3; rotation++) {
      const { CiphertextBlob } = await client.send(
        new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from([rotation]) }),
      );
      blobs.push(CiphertextBlob!);
      expect((await client.send(new RotateKeyOnDemandCommand({ KeyId: keyId }))).KeyId).toBe(arn);
    }
    const { keyMaterials } = await kms.exportKey(keyId);
    expect(new Set(keyMaterials.map(({ keyMaterial }) => keyMaterial.toString('hex'))).size).toBe(4);
    for (const [i, CiphertextBlob] of blobs.entries()) {
      const opened = await client.send(new DecryptCommand({ CiphertextBlob }));
      expect(Buffer.from(opened.Plaintext!)).toEqual(Buffer.from([i]));
      expect(opened.KeyMaterialId).toBe(keyMaterials[i]!.keyMaterialId);
    }
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyId }));
    expect(KeyMetadata!.CurrentKeyMaterialId).toBe(keyMaterials[3]!.keyMaterialId);
  });

  test('ends after 25 rotations', async () => {
    const { client } = localClient();
    const { keyId, arn } = await createKey(client);
    for (let i = 0; i < 25; i++) await client.send(new RotateKeyOnDemandCommand({ KeyId: keyId }));
    expect(await refusal(client.send(new RotateKeyOnDemandCommand({ KeyId: keyId })))).toEqual({
      name: 'LimitExceededException',
      status: 400,
      message: `The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: ${arn}`,
    });
  });
});

describe('ScheduleKeyDeletion', () => {
  test.each([
    [6, 'greater than or equal to 7'],
    [31, 'less than or equal to 30'],
  ])('refuses a window of %i days', async (PendingWindowInDays, bound) => {
    const { client } = localClient();
    const { keyId } = await createKey(client);
    const call = client.send(new ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays }));
    expect(await refusal(call)).toEqual(
      validation(
        `1 validation error detected: Value '${PendingWindowInDays}' at 'pendingWindowInDays' failed to satisfy constraint: Member must have value ${bound}`,
      ),
    );
  });

  test.each([
    [undefined, 30],
    [7, 7],
    [30, 30],
  ])('with a window of %s days deletes after %i', async (PendingWindowInDays, days) => {
    const { client } = localClient();
    const { keyId, arn } = await createKey(client);
    const before = Date.now();
    const answer = await client.send(new ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays }));
    expect(answer).toMatchObject({ KeyId: arn, KeyState: 'PendingDeletion', PendingWindowInDays: days });
    expect(answer.DeletionDate!.getTime() - before).toBeGreaterThanOrEqual(days * 86_400_000);
    expect(answer.DeletionDate!.getTime() - before).toBeLessThan(days * 86_400_000 + 3_600_000);
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyId }));
    expect(KeyMetadata).toMatchObject({ Enabled: false, DeletionDate: answer.DeletionDate });
  });
});
