import { describe, expect, it } from 'vitest';
import { kms } from '../../src/keys/kms/index.js';
import { localClient } from '../../src/keys/local-client.js';
import { createLocalKms } from '../../src/local-kms/index.js';
import { decrypt, encrypt } from '../../src/session/one-shot.js';

const plaintext = Buffer.from('plaintext');

/** An embedded KMS with a key, its client, and the bodies that it answered. */
async function service() {
  const local = createLocalKms({});
  const asked: string[] = [];
  const bodies: Uint8Array[] = [];
  const client = localClient({
    async handle(request, options) {
      asked.push(request.headers['x-amz-target']!);
      const answer = await local.requestHandler.handle(request, options);
      bodies.push(answer.response.body);
      return answer;
    },
  });
  const createKey = async (): Promise<string> => {
    const headers = { 'x-amz-target': 'TrentService.CreateKey' };
    const { response } = await local.requestHandler.handle({ headers, body: '{}' });
    return JSON.parse(Buffer.from(response.body).toString()).KeyMetadata.Arn;
  };
  return { local, client, asked, bodies, keyId: await createKey(), otherId: await createKey() };
}

describe('a client of the embedded KMS', () => {
  it('seals, wraps and opens, and so does the SDK with what it has made', async () => {
    const { local, client, asked, bodies, keyId, otherId } = await service();
    const encryptionContext = Object.fromEntries([
      ['__proto__', 'x'],
      ['ключ', '\u2028'],
      ['10', ''],
    ]);
    const [own, sdk] = [{ client }, { clientConfig: local.clientConfig }];
    for (const way of [own, sdk]) {
      const keys = [kms({ keyId, ...way }), kms({ keyId: otherId, ...own })];
      const sealed = await encrypt(plaintext, { keys, encryptionContext });
      for (const opening of [keyId, otherId].flatMap((id) =>
        [own, sdk].map((by) => kms({ keyId: id, ...by })),
      )) {
        expect(await decrypt(sealed, { keys: opening, encryptionContext })).toEqual(plaintext);
      }
    }
    expect(new Set(asked)).toEqual(
      new Set(['GenerateDataKey', 'Encrypt', 'Decrypt'].map((operation) => `TrentService.${operation}`)),
    );
    expect(bodies.every((body) => body.every((byte) => byte === 0))).toBe(true);
    await local.close();
  });

  it('re-encrypts between two keys', async () => {
    const { local, client, asked, keyId, otherId } = await service();
    const [from, to] = [kms({ keyId, client }), kms({ keyId: otherId, client })];
    const request = {
      encryptionContext: { a: 'b' },
      contextBytes: new Uint8Array(),
      dataKeyBytes: 32,
      signal: new AbortController().signal,
    };
    const { dataKey, recipient } = await from.generate(request);
    const moved = await from.rewrap!(recipient, to, request);
    expect(await to.unwrap(moved!, request)).toEqual(dataKey);
    expect(asked).toContain('TrentService.ReEncrypt');
    await local.close();
  });

  it('explains what the KMS refuses as the SDK would have it explained', async () => {
    const { local, client, keyId } = await service();
    const sealed = await encrypt(plaintext, { keys: kms({ keyId, client }) });
    await local.requestHandler.handle({
      headers: { 'x-amz-target': 'TrentService.DisableKey' },
      body: JSON.stringify({ KeyId: keyId }),
    });
    const errors = await Promise.all(
      [{ client }, { clientConfig: local.clientConfig }].map((way) =>
        decrypt(sealed, { keys: kms({ keyId, ...way }) }).catch((error: Error) => error),
      ),
    );
    const [direct, bySdk] = errors.map((error) => {
      const { message, code, hint, retryable, cause } = error as Error & Record<string, unknown>;
      const { name, $fault, $metadata } = cause as Error & Record<string, unknown>;
      const { requestId, ...metadata } = $metadata as Record<string, unknown>;
      return { message, code, hint, retryable, name, $fault, metadata, hasId: typeof requestId === 'string' };
    });
    expect(direct).toMatchObject({ code: 'ERR_SEALPIPE_KEY_UNAVAILABLE', name: 'DisabledException' });
    expect({ ...direct, metadata: { ...bySdk!.metadata, ...direct!.metadata } }).toEqual(bySdk);
    await local.close();
  });

  it('fails as the KMS itself does once that is closed', async () => {
    const { local, client, keyId } = await service();
    await local.close();
    await expect(encrypt(plaintext, { keys: kms({ keyId, client }) })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
    });
  });
});
