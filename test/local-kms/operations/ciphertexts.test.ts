import { DecryptCommand, EncryptCommand, ReEncryptCommand } from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../../support/temp-folder.js';
import { createKey, INVALID_CIPHERTEXT, localClient, refusal, validation } from '../support/local-client.js';

const INCORRECT_KEY = {
  name: 'IncorrectKeyException',
  status: 400,
  message: 'The key ID in the request does not identify a CMK that can perform this operation.',
};
const FOREIGN = {
  name: 'AccessDeniedException',
  status: 400,
  message:
    'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
};
const WRONG_ALGORITHM = {
  name: 'InvalidKeyUsageException',
  status: 400,
  message: 'Algorithm RSAES_OAEP_SHA_256 is incompatible with key spec SYMMETRIC_DEFAULT.',
};

async function sealed(plaintext = Buffer.from('a data key')) {
  const { client } = localClient();
  const { keyId, arn } = await createKey(client);
  const answer = await client.send(new EncryptCommand({ KeyId: keyId, Plaintext: plaintext }));
  return { client, keyId, arn, answer, CiphertextBlob: answer.CiphertextBlob! };
}

describe('Encrypt and Decrypt', () => {
  test.each([[1], [32], [4096]])('carry %i bytes', async (length) => {
    const plaintext = Buffer.alloc(length, 0xa5);
    const { client, arn, answer, CiphertextBlob } = await sealed(plaintext);
    expect(answer).toMatchObject({ KeyId: arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
    expect(CiphertextBlob.length).toBeLessThanOrEqual(6144);
    expect(Buffer.from(CiphertextBlob).includes(plaintext.subarray(0, 16))).toBe(
      length === 1 && CiphertextBlob.includes(0xa5),
    );
    const opened = await client.send(new DecryptCommand({ CiphertextBlob }));
    expect(opened).toMatchObject({ KeyId: arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
    expect(Buffer.from(opened.Plaintext!)).toEqual(plaintext);
  });

  test.each([
    [0, 'greater than or equal to 1'],
    [4097, 'less than or equal to 4096'],
  ])('refuse a plaintext of %i bytes, without showing it', async (length, bound) => {
    const { client } = localClient();
    const { keyId } = await createKey(client);
    const call = client.send(new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.alloc(length) }));
    expect(await refusal(call)).toEqual(
      validation(
        `1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length ${bound}`,
      ),
    );
  });

  test('refuse an algorithm that is not of this key', async () => {
    const { client, keyId, CiphertextBlob } = await sealed();
    const algorithm = { EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' } as const;
    const encrypt = new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('x'), ...algorithm });
    expect(await refusal(client.send(encrypt))).toEqual(WRONG_ALGORITHM);
    const decrypt = new DecryptCommand({ CiphertextBlob, ...algorithm });
    expect(await refusal(client.send(decrypt))).toEqual(WRONG_ALGORITHM);
  });
});

describe('Decrypt', () => {
  test('takes the key by its names, and refuses another', async () => {
    const { client, keyId, arn, CiphertextBlob } = await sealed();
    for (const KeyId of [keyId, arn, undefined]) {
      const opened = await client.send(new DecryptCommand({ KeyId, CiphertextBlob }));
      expect(opened.KeyId).toBe(arn);
    }
    const { keyId: other } = await createKey(client);
    expect(await refusal(client.send(new DecryptCommand({ KeyId: other, CiphertextBlob })))).toEqual(
      INCORRECT_KEY,
    );
  });

  test('of what another KMS sealed says that the key is not here', async () => {
    const { CiphertextBlob } = await sealed();
    const { client } = localClient();
    const { keyId } = await createKey(client);
    expect(await refusal(client.send(new DecryptCommand({ CiphertextBlob })))).toEqual(FOREIGN);
    expect(await refusal(client.send(new DecryptCommand({ KeyId: keyId, CiphertextBlob })))).toEqual(
      INCORRECT_KEY,
    );
  });

  test.each([
    ['one byte', Buffer.alloc(1)],
    ['random bytes', Buffer.from('7f'.repeat(140), 'hex')],
    ['6,144 bytes', Buffer.alloc(6144, 0x53)],
  ])('of %s that no KMS made: InvalidCiphertextException', async (_what, CiphertextBlob) => {
    const { client } = localClient();
    const { keyId } = await createKey(client);
    expect(await refusal(client.send(new DecryptCommand({ CiphertextBlob })))).toEqual(INVALID_CIPHERTEXT);
    expect(await refusal(client.send(new DecryptCommand({ CiphertextBlob, KeyId: keyId })))).toEqual(
      INVALID_CIPHERTEXT,
    );
  });

  test.each([
    [
      'none',
      undefined,
      "Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null",
    ],
    [
      '6,145 bytes',
      Buffer.alloc(6145),
      "Value at 'ciphertextBlob' failed to satisfy constraint: Member must have length less than or equal to 6144",
    ],
  ])('of %s: ValidationException', async (_what, CiphertextBlob, message) => {
    const call = localClient().client.send(new DecryptCommand({ CiphertextBlob }));
    expect(await refusal(call)).toEqual(validation(`1 validation error detected: ${message}`));
  });

  test('opens after a directory has been opened again', async () => {
    const folder = await tempFolder();
    const first = localClient(folder);
    const { keyId } = await createKey(first.client);
    const { CiphertextBlob } = await first.client.send(
      new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('kept'), EncryptionContext: { a: 'b' } }),
    );
    await first.kms.close();
    const opened = await localClient(folder).client.send(
      new DecryptCommand({ CiphertextBlob, EncryptionContext: { a: 'b' } }),
    );
    expect(Buffer.from(opened.Plaintext!).toString()).toBe('kept');
  });
});

describe('ReEncrypt', () => {
  test('moves a ciphertext to another key and context', async () => {
    const { client, keyId, arn, CiphertextBlob } = await sealed();
    const other = await createKey(client);
    const moved = await client.send(
      new ReEncryptCommand({
        CiphertextBlob,
        SourceKeyId: keyId,
        DestinationKeyId: other.arn,
        DestinationEncryptionContext: { purpose: 'archive' },
      }),
    );
    expect(moved).toMatchObject({
      SourceKeyId: arn,
      KeyId: other.arn,
      SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      SourceKeyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/),
      DestinationKeyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const target = { CiphertextBlob: moved.CiphertextBlob, KeyId: other.keyId };
    expect(await refusal(client.send(new DecryptCommand(target)))).toEqual(INVALID_CIPHERTEXT);
    const opened = await client.send(
      new DecryptCommand({ ...target, EncryptionContext: { purpose: 'archive' } }),
    );
    expect(Buffer.from(opened.Plaintext!).toString()).toBe('a data key');
  });

  test('refuses another source key, another context, and a destination that is not there', async () => {
    const { client, keyId, CiphertextBlob } = await sealed();
    const { keyId: other } = await createKey(client);
    const from = (input: object) =>
      refusal(client.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: keyId, ...input })));
    expect(await from({ SourceKeyId: other })).toEqual(INCORRECT_KEY);
    expect(await from({ SourceEncryptionContext: { a: '' } })).toEqual(INVALID_CIPHERTEXT);
    expect(await from({ DestinationKeyId: 'alias/none' })).toMatchObject({ name: 'NotFoundException' });
    expect(await from({ CiphertextBlob: undefined })).toMatchObject({ name: 'ValidationException' });
    expect(await from({ SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' })).toEqual(WRONG_ALGORITHM);
    expect(await from({ DestinationEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' })).toEqual(WRONG_ALGORITHM);
  });
});
