import { describe, expect, it, onTestFinished } from 'vitest';
import type { LocalKms } from '../../src/local-kms/index.js';
import { createLocalKms } from '../../src/local-kms/index.js';
import { overwritten } from '../support/overwritten.js';
import { turns } from '../support/quiet-process.js';

const KeyId = 'alias/test';
const SECRET = Buffer.from('a data key of thirty-two bytes..');
const hexOf = (base64: unknown): string => Buffer.from(String(base64), 'base64').toString('hex');
/** The key and the nonce of one ciphertext are derived together, in 44 bytes. */
const derived = (wiped: readonly string[]) => wiped.filter((content) => content.length === 2 * 44);

function newKms(): LocalKms {
  const kms = createLocalKms({ alias: KeyId });
  onTestFinished(() => kms.close());
  return kms;
}

function request(operation: string, input: object) {
  return { headers: { 'x-amz-target': `TrentService.${operation}` }, body: JSON.stringify(input) };
}

async function call(kms: LocalKms, operation: string, input: object): Promise<Record<string, unknown>> {
  const { response } = await kms.requestHandler.handle(request(operation, input));
  return JSON.parse(Buffer.from(response.body).toString()) as Record<string, unknown>;
}

describe('the embedded KMS wipes', () => {
  it('a data key that it generated, and what encrypted it', async () => {
    const kms = newKms();
    await call(kms, 'DescribeKey', { KeyId });
    let answer: Record<string, unknown> = {};
    const wiped = await overwritten(async () => {
      answer = await call(kms, 'GenerateDataKey', { KeyId, KeySpec: 'AES_256' });
    });
    expect(wiped).toContain(hexOf(answer['Plaintext']));
    expect(derived(wiped)).toHaveLength(1);
  });

  it('a plaintext that it encrypted or decrypted, and what it did so with', async () => {
    const kms = newKms();
    const Plaintext = SECRET.toString('base64');
    let CiphertextBlob: unknown;
    const sealing = await overwritten(async () => {
      ({ CiphertextBlob } = await call(kms, 'Encrypt', { KeyId, Plaintext }));
    });
    const opening = await overwritten(() => call(kms, 'Decrypt', { CiphertextBlob }));
    for (const wiped of [sealing, opening]) {
      expect(wiped).toContain(SECRET.toString('hex'));
      expect(derived(wiped)).toHaveLength(1);
    }
  });

  it('a plaintext that does not verify', async () => {
    const kms = newKms();
    const Plaintext = SECRET.toString('base64');
    const { CiphertextBlob } = await call(kms, 'Encrypt', { KeyId, Plaintext });
    const wiped = await overwritten(async () => {
      const refused = await call(kms, 'Decrypt', { CiphertextBlob, EncryptionContext: { a: 'b' } });
      expect(refused).toMatchObject({ __type: 'InvalidCiphertextException' });
    });
    expect(wiped).toContain(SECRET.toString('hex'));
    expect(derived(wiped)).toHaveLength(1);
  });

  it('the plaintext of a request that it refuses', async () => {
    const kms = newKms();
    const Plaintext = SECRET.toString('base64');
    const wiped = await overwritten(async () => {
      const refused = await call(kms, 'Encrypt', { KeyId, Plaintext, EncryptionAlgorithm: 'X' });
      expect(refused).toMatchObject({ __type: 'ValidationException' });
    });
    expect(wiped).toContain(SECRET.toString('hex'));
  });

  it('a response that comes after its caller has given up', async () => {
    const kms = newKms();
    await call(kms, 'DescribeKey', { KeyId });
    const controller = new AbortController();
    const wiped = await overwritten(async () => {
      const handled = kms.requestHandler.handle(request('GenerateRandom', { NumberOfBytes: 32 }), {
        abortSignal: controller.signal,
      });
      controller.abort();
      await expect(handled).rejects.toMatchObject({ name: 'AbortError' });
      await turns();
    });
    const texts = wiped.map((content) => Buffer.from(content, 'hex').toString('latin1'));
    expect(texts.filter((text) => text.startsWith('{"Plaintext":"'))).toHaveLength(1);
  });

  it('its own copies of a key that it creates, imports and exports', async () => {
    const kms = newKms();
    const creating = await overwritten(() => call(kms, 'DescribeKey', { KeyId }));
    const key = await kms.exportKey(KeyId);
    const secret = key.keyMaterials[0]!.keyMaterial.toString('hex');
    const importing = await overwritten(() => newKms().importKey(key));
    for (const wiped of [creating, importing]) {
      expect(wiped).toContain(secret);
      expect(wiped.some((content) => content.length > secret.length && content.endsWith(secret))).toBe(true);
    }
    expect(key.keyMaterials[0]!.keyMaterial.toString('hex')).toBe(secret);
  });

  it('both copies of a key material that an import names twice', async () => {
    const kms = newKms();
    const key = await kms.exportKey(KeyId);
    const [material] = key.keyMaterials;
    const wiped = await overwritten(() =>
      expect(kms.importKey({ ...key, keyMaterials: [material!, material!] })).rejects.toMatchObject({
        code: 'ERR_SEALPIPE_OPTIONS',
      }),
    );
    const secret = material!.keyMaterial.toString('hex');
    expect(wiped.filter((content) => content === secret)).toHaveLength(2);
  });

  it('every key in memory when it is closed', async () => {
    const kms = newKms();
    const { keyMaterials } = await kms.exportKey(KeyId);
    const secret = keyMaterials[0]!.keyMaterial.toString('hex');
    const wiped = await overwritten(() => kms.close());
    expect(wiped).toContain(secret);
    expect(wiped.some((content) => content.length > secret.length && content.endsWith(secret))).toBe(true);
  });
});
