import type { GenerateDataKeyCommandInput } from '@aws-sdk/client-kms';
import {
  DecryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateRandomCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { createKey, localClient, refusal, validation } from '../support/local-client.js';

const SPEC_XOR_BYTES = validation('Please specify either number of bytes or key spec.');
const outOfRange = (value: number, bound: string) =>
  validation(
    `1 validation error detected: Value '${value}' at 'numberOfBytes' failed to satisfy constraint: Member must have value ${bound}`,
  );

describe('GenerateDataKey', () => {
  test.each<[string, Partial<GenerateDataKeyCommandInput>, number]>([
    ['AES_256', { KeySpec: 'AES_256' }, 32],
    ['AES_128', { KeySpec: 'AES_128' }, 16],
    ['1 byte', { NumberOfBytes: 1 }, 1],
    ['1,024 bytes', { NumberOfBytes: 1024 }, 1024],
  ])('of %s makes a fresh key and its ciphertext', async (_what, size, length) => {
    const { client } = localClient();
    const { keyId, arn } = await createKey(client);
    const first = await client.send(new GenerateDataKeyCommand({ KeyId: keyId, ...size }));
    const second = await client.send(new GenerateDataKeyCommand({ KeyId: keyId, ...size }));
    expect(first.Plaintext).toHaveLength(length);
    expect(first.KeyId).toBe(arn);
    if (length > 1) expect(second.Plaintext).not.toEqual(first.Plaintext);
    expect(second.CiphertextBlob).not.toEqual(first.CiphertextBlob);
    const opened = await client.send(new DecryptCommand({ CiphertextBlob: first.CiphertextBlob }));
    expect(Buffer.from(opened.Plaintext!)).toEqual(Buffer.from(first.Plaintext!));
    expect(opened.KeyMaterialId).toBe(first.KeyMaterialId);
  });

  test.each<[string, Partial<GenerateDataKeyCommandInput>, object]>([
    ['neither spec nor bytes', {}, SPEC_XOR_BYTES],
    ['both', { KeySpec: 'AES_256', NumberOfBytes: 32 }, SPEC_XOR_BYTES],
    ['0 bytes', { NumberOfBytes: 0 }, outOfRange(0, 'greater than or equal to 1')],
    ['1,025 bytes', { NumberOfBytes: 1025 }, outOfRange(1025, 'less than or equal to 1024')],
    [
      'a grant token',
      { KeySpec: 'AES_256', GrantTokens: ['token'] },
      { name: 'InvalidGrantTokenException', status: 400, message: 'UnknownError' },
    ],
    [
      '11 grant tokens',
      { KeySpec: 'AES_256', GrantTokens: Array.from({ length: 11 }, () => 't') },
      validation(
        "1 validation error detected: Value at 'grantTokens' failed to satisfy constraint: Member must have length less than or equal to 10",
      ),
    ],
    [
      'an enclave, whose answer must not be in the clear',
      { KeySpec: 'AES_256', Recipient: { KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' } },
      {
        name: 'UnsupportedOperationException',
        status: 400,
        message: 'The embedded KMS does not support recipient.',
      },
    ],
  ])('refuses %s', async (_what, input, expected) => {
    const { client } = localClient();
    const { keyId } = await createKey(client);
    expect(await refusal(client.send(new GenerateDataKeyCommand({ KeyId: keyId, ...input })))).toEqual(
      expected,
    );
  });

  test('names every fault of a request', async () => {
    const call = localClient().client.send(
      new GenerateDataKeyCommand({ KeyId: 'k'.repeat(2049), NumberOfBytes: 1025 }),
    );
    expect((await refusal(call)).message).toMatch(
      /^2 validation errors detected: Value 'k+' at 'keyId' failed .* 2048; Value '1025' at 'numberOfBytes' failed/,
    );
  });

  test('wants a key', async () => {
    const call = localClient().client.send(
      new GenerateDataKeyCommand({ KeyId: undefined, KeySpec: 'AES_256' }),
    );
    expect(await refusal(call)).toEqual(
      validation(
        "1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null",
      ),
    );
  });
});

describe('GenerateDataKeyWithoutPlaintext', () => {
  test('shows no plaintext, and makes a ciphertext of it', async () => {
    const { client } = localClient();
    const { keyId, arn } = await createKey(client);
    const answer = await client.send(
      new GenerateDataKeyWithoutPlaintextCommand({ KeyId: keyId, NumberOfBytes: 48 }),
    );
    expect(answer).not.toHaveProperty('Plaintext');
    expect(answer.KeyId).toBe(arn);
    const opened = await client.send(new DecryptCommand({ CiphertextBlob: answer.CiphertextBlob }));
    expect(opened.Plaintext).toHaveLength(48);
  });

  test('refuses neither spec nor bytes', async () => {
    const { client } = localClient();
    const { keyId } = await createKey(client);
    const call = client.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId: keyId }));
    expect(await refusal(call)).toEqual(SPEC_XOR_BYTES);
  });
});

describe('GenerateRandom', () => {
  test.each([[1], [32], [1024]])('gives %i bytes', async (NumberOfBytes) => {
    const { Plaintext } = await localClient().client.send(new GenerateRandomCommand({ NumberOfBytes }));
    expect(Plaintext).toHaveLength(NumberOfBytes);
    if (NumberOfBytes > 1) expect(Buffer.from(Plaintext!)).not.toEqual(Buffer.alloc(NumberOfBytes));
  });

  test.each([
    [undefined, validation('NumberOfBytes is required.')],
    [0, outOfRange(0, 'greater than or equal to 1')],
    [1025, outOfRange(1025, 'less than or equal to 1024')],
  ])('refuses %s bytes', async (NumberOfBytes, expected) => {
    const call = localClient().client.send(new GenerateRandomCommand({ NumberOfBytes }));
    expect(await refusal(call)).toEqual(expected);
  });
});
