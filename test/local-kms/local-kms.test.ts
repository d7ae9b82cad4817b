import {
  DecryptCommand,
  DescribeKeyCommand,
  GenerateDataKeyCommand,
  KMSClient,
  ListKeysCommand,
} from '@aws-sdk/client-kms';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { isSealpipeError } from '../../src/errors.js';
import { createLocalKms } from '../../src/local-kms/index.js';
import { tempFolder } from '../support/temp-folder.js';
import { createKey, localClient } from './support/local-client.js';
import { rawCall } from './support/raw-call.js';

const CLOSED = {
  code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
  retryable: false,
  message: 'The embedded KMS is closed',
};

describe('the client configuration', () => {
  afterEach(() => vi.unstubAllEnvs());

  test.each([
    ['AWS_USE_FIPS_ENDPOINT', 'true'],
    ['AWS_USE_DUALSTACK_ENDPOINT', 'true'],
    ['AWS_ENDPOINT_URL', 'http://127.0.0.1:1'],
    ['AWS_ENDPOINT_URL_KMS', 'http://127.0.0.1:1'],
    ['AWS_REGION', 'eu-west-1'],
    ['AWS_MAX_ATTEMPTS', '9'],
  ])('holds whatever %s says', async (name, value) => {
    vi.stubEnv(name, value);
    const { client } = localClient();
    const { arn } = await createKey(client);
    expect(arn).toMatch(/^arn:aws:kms:local:000000000000:key\//);
    await expect(client.config.region()).resolves.toBe('local');
    await expect(client.config.maxAttempts()).resolves.toBe(1);
  });

  test('gives a key ARN that a sealpipe stream can carry', async () => {
    const { arn } = await createKey(localClient().client);
    expect(arn).toMatch(/^arn:(aws|aws-[a-z-]+):kms:[a-z0-9-]{1,32}:[0-9]{12}:key\/[A-Za-z0-9-]{1,128}$/);
  });

  test('serves several clients, and outlives any of them', async () => {
    const { kms, client } = localClient();
    const other = new KMSClient(kms.clientConfig);
    const { keyId } = await createKey(client);
    client.destroy();
    await expect(other.send(new DescribeKeyCommand({ KeyId: keyId }))).resolves.toBeDefined();
  });

  test('two KMS in memory know nothing of each other', async () => {
    const { keyId } = await createKey(localClient().client);
    const other = localClient().client.send(new DescribeKeyCommand({ KeyId: keyId }));
    await expect(other).rejects.toThrow(`Key 'arn:aws:kms:local:000000000000:key/${keyId}' does not exist`);
  });
});

describe('closing', () => {
  test('refuses what comes later, clearly', async () => {
    const { kms, client } = localClient();
    await kms.close();
    const error = await client.send(new ListKeysCommand({})).catch((caught: unknown) => caught);
    expect(isSealpipeError(error)).toBe(true);
    expect(error).toMatchObject(CLOSED);
    await expect(kms.exportKey('alias/x')).rejects.toMatchObject(CLOSED);
  });

  test.each([['memory'], ['a directory']])(
    'lets what is under way in %s finish, with the keys still whole',
    async (where) => {
      const { kms, client } = localClient(where === 'memory' ? undefined : await tempFolder());
      const { keyId } = await createKey(client);
      const body = JSON.stringify({ KeyId: keyId, KeySpec: 'AES_256' });
      const calls = Array.from({ length: 20 }, () => rawCall(kms, 'TrentService.GenerateDataKey', body));
      const exported = kms.exportKey(keyId);
      await kms.close();
      for (const answer of await Promise.all(calls)) expect(answer.status).toBe(200);
      const { keyMaterials } = await exported;
      expect(keyMaterials[0]!.keyMaterial).not.toEqual(Buffer.alloc(32));
    },
  );

  test('may be done twice, and by await using', async () => {
    const kms = createLocalKms();
    {
      await using disposed = kms;
      await createKey(new KMSClient(disposed.clientConfig));
    }
    await expect(createKey(new KMSClient(kms.clientConfig))).rejects.toMatchObject(CLOSED);
    await expect(kms.close()).resolves.toBeUndefined();
  });

  test('wipes the keys that a memory held', async () => {
    const { kms, client } = localClient();
    const { keyId } = await createKey(client);
    const fill = vi.spyOn(Buffer.prototype, 'fill');
    await client.send(new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256' }));
    const { keyMaterials } = await kms.exportKey(keyId);
    const secret = Buffer.from(keyMaterials[0]!.keyMaterial);
    const before: Buffer[] = [];
    fill.mockImplementation(function (this: Buffer) {
      before.push(Buffer.from(this));
      return Uint8Array.prototype.fill.call(this, 0) as Buffer;
    });
    await kms.close();
    fill.mockRestore();
    expect(before.filter((wiped) => wiped.includes(secret))).toHaveLength(2); // as stored, and as held for use
  });
});

describe('an abort signal', () => {
  test('that is aborted already: AbortError with the reason, and nothing happens', async () => {
    const { kms, client } = localClient();
    const reason = new Error('no longer wanted');
    const request = { headers: { 'x-amz-target': 'TrentService.CreateKey' }, body: '{}' };
    const call = kms.requestHandler.handle(request, { abortSignal: AbortSignal.abort(reason) });
    await expect(call).rejects.toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: reason });
    expect((await client.send(new ListKeysCommand({}))).Keys).toEqual([]);
  });

  test('that is aborted during the call ends it at once', async () => {
    const { kms } = localClient();
    const controller = new AbortController();
    const request = { headers: { 'x-amz-target': 'TrentService.CreateKey' }, body: '{}' };
    const call = kms.requestHandler.handle(request, { abortSignal: controller.signal });
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError', code: 'ABORT_ERR' });
  });

  test('that is aborted during the call has the late response wiped, which may hold a data key', async () => {
    const { kms, client } = localClient();
    const { keyId } = await createKey(client);
    const encode = vi.spyOn(TextEncoder.prototype, 'encode');
    onTestFinished(() => encode.mockRestore());
    const headers = { 'x-amz-target': 'TrentService.GenerateDataKey' };
    const body = JSON.stringify({ KeyId: keyId, KeySpec: 'AES_256' });
    const controller = new AbortController();
    const call = kms.requestHandler.handle({ headers, body }, { abortSignal: controller.signal });
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    await kms.close();
    const bodies = encode.mock.results.map(({ value }) => value as Uint8Array);
    expect(bodies.map((bytes) => bytes.every((byte) => byte === 0))).toEqual([true]);
  });

  test('reaches the KMS through the client', async () => {
    const { client } = localClient();
    const sent = client.send(new ListKeysCommand({}), { abortSignal: AbortSignal.abort() });
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('exporting a key', () => {
  test('gives every material of it, oldest first, in memory of the caller', async () => {
    const { kms, client } = localClient();
    const { keyId, arn } = await createKey(client);
    const exported = await kms.exportKey(arn);
    expect(exported).toMatchObject({ keyId, keyArn: arn, description: '' });
    expect(exported.creationDate).toBeInstanceOf(Date);
    expect(exported.keyMaterials).toHaveLength(1);
    const { keyMaterial, keyMaterialId } = exported.keyMaterials[0]!;
    expect(keyMaterial).toHaveLength(32);
    expect(keyMaterialId).toMatch(/^[0-9a-f]{64}$/);

    const sealed = await client.send(new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256' }));
    keyMaterial.fill(0);
    const opened = client.send(new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob }));
    await expect(opened).resolves.toMatchObject({ KeyMaterialId: keyMaterialId });
  });

  test('of a key that is not there: ERR_SEALPIPE_KEY_NOT_FOUND', async () => {
    await expect(localClient().kms.exportKey('alias/nobody')).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_KEY_NOT_FOUND',
      message: 'Alias arn:aws:kms:local:000000000000:alias/nobody is not found.',
    });
  });
});

test.each([[undefined], [null], [7], [{}]])('a key is named by a string, and not by %j', async (name) => {
  const { kms } = localClient();
  const isMisuse = { name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' };
  await expect(kms.exportKey(name as unknown as string)).rejects.toMatchObject(isMisuse);
  await expect(kms.purge(name as unknown as string)).rejects.toMatchObject(isMisuse);
});

describe('options', () => {
  test.each([[''], [7], [null], ['a\0b']])('directory %j is misuse', (directory) => {
    const options = JSON.parse(JSON.stringify({ directory }));
    expect(() => createLocalKms(options)).toThrow(
      expect.objectContaining({ name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' }),
    );
  });
});
