import { createHash } from 'node:crypto';
import { DecryptCommand, EncryptCommand, RotateKeyOnDemandCommand } from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { decodeBlob } from '../../../../src/local-kms/keys/secrets/ciphertext-blob.js';
import { sampled } from '../../../support/sample.js';
import { createKey, INVALID_CIPHERTEXT, localClient, refusal } from '../../support/local-client.js';

const CHECKSUM_BYTES = 8;

async function sealed() {
  const { client } = localClient();
  const { keyId } = await createKey(client);
  const { CiphertextBlob } = await client.send(
    new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.alloc(32, 7), EncryptionContext: { a: 'b' } }),
  );
  const open = (blob: Uint8Array) =>
    client.send(new DecryptCommand({ CiphertextBlob: blob, EncryptionContext: { a: 'b' } }));
  return { client, keyId, blob: Buffer.from(CiphertextBlob!), open };
}

/** What someone does who alters a blob on purpose. */
function withChecksum(blob: Buffer): Buffer {
  const body = blob.subarray(0, -CHECKSUM_BYTES);
  return Buffer.concat([body, createHash('sha256').update(body).digest().subarray(0, CHECKSUM_BYTES)]);
}

describe('a ciphertext blob', () => {
  test('names its key and its key material', async () => {
    const { blob, keyId } = await sealed();
    expect(blob).toHaveLength(4 + 16 + 32 + 32 + 32 + 16 + 8);
    expect(decodeBlob(blob)).toMatchObject({ keyId, materialId: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test('altered in any byte is invalid', async () => {
    const { blob, open } = await sealed();
    for (const at of sampled(blob.keys(), 40, 'altered bytes of a blob')) {
      const altered = Buffer.from(blob);
      altered[at]! ^= 1 << (at % 8);
      expect(await refusal(open(altered)), `byte ${at}`).toEqual(INVALID_CIPHERTEXT);
    }
    await expect(open(blob)).resolves.toBeDefined();
  });

  test('altered in any byte with its checksum made good does not open, and says only what it names', async () => {
    const { blob, open } = await sealed();
    for (const at of sampled(blob.subarray(0, -CHECKSUM_BYTES).keys(), 40, 'forged bytes of a blob')) {
      const altered = Buffer.from(blob);
      altered[at]! ^= 1 << (at % 8);
      const { name } = await refusal(open(withChecksum(altered)));
      const namesAnotherSecret = at >= 4 && at < 52;
      expect(name, `byte ${at}`).toBe(namesAnotherSecret ? 'AccessDeniedException' : INVALID_CIPHERTEXT.name);
    }
    expect(withChecksum(blob)).toEqual(blob);
  });

  test('cut or extended anywhere is invalid', async () => {
    const { blob, open } = await sealed();
    for (const length of sampled(blob.subarray(1).keys(), 40, 'cuts of a blob').map((at) => at + 1)) {
      expect(await refusal(open(blob.subarray(0, length))), `${length} bytes`).toEqual(INVALID_CIPHERTEXT);
    }
    expect(await refusal(open(Buffer.concat([blob, Buffer.alloc(1)])))).toEqual(INVALID_CIPHERTEXT);
    expect(await refusal(open(withChecksum(blob.subarray(0, 120))))).toEqual(INVALID_CIPHERTEXT);
  });

  test('that names another material of the same key is invalid', async () => {
    const { client, keyId, blob, open } = await sealed();
    await client.send(new RotateKeyOnDemandCommand({ KeyId: keyId }));
    const { CiphertextBlob } = await client.send(
      new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('x') }),
    );
    const crossed = Buffer.from(blob);
    crossed.set(CiphertextBlob!.subarray(20, 52), 20);
    expect(await refusal(open(withChecksum(crossed)))).toEqual(INVALID_CIPHERTEXT);
  });
});
