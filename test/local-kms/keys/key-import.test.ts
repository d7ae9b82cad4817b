import { unlink, writeFile } from 'node:fs/promises';
import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  ListAliasesCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ExportedKey, LocalKms } from '../../../src/local-kms/index.js';
import { tempFolder } from '../../support/temp-folder.js';
import { filesOf } from '../support/kms-files.js';
import { createKey, localClient } from '../support/local-client.js';

/** A rotated key, and what each of its materials has sealed. */
async function original(): Promise<{ kms: LocalKms; key: ExportedKey; blobs: Uint8Array[] }> {
  const { kms, client } = localClient(await tempFolder());
  const { keyId } = await createKey(client);
  const seal = async () =>
    (await client.send(new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('data') }))).CiphertextBlob!;
  const first = await seal();
  await client.send(new RotateKeyOnDemandCommand({ KeyId: keyId }));
  return { kms, key: await kms.exportKey(keyId), blobs: [first, await seal()] };
}

const EXISTS = { code: 'ERR_SEALPIPE_EXISTS' };

afterEach(() => vi.useRealTimers());

describe('importKey', () => {
  test('brings in a key with every secret, under its own id, enabled and without aliases', async () => {
    const { key, blobs } = await original();
    const { kms, client } = localClient(await tempFolder());
    await kms.importKey(key);
    for (const CiphertextBlob of blobs) {
      const { Plaintext, KeyId } = await client.send(new DecryptCommand({ CiphertextBlob }));
      expect(Buffer.from(Plaintext!).toString()).toBe('data');
      expect(KeyId).toBe(key.keyArn);
    }
    expect(await kms.exportKey(key.keyId)).toEqual(key);
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: key.keyId }));
    expect(KeyMetadata).toMatchObject({ KeyState: 'Enabled', CreationDate: key.creationDate });
    expect((await client.send(new ListAliasesCommand({}))).Aliases).toEqual([]);
  });

  test('leaves the bytes of the caller alone, and needs them no more', async () => {
    const { key, blobs } = await original();
    const { kms, client } = localClient();
    const before = key.keyMaterials.map(({ keyMaterial }) => keyMaterial.toString('hex'));
    const importing = kms.importKey(key);
    expect(key.keyMaterials.map(({ keyMaterial }) => keyMaterial.toString('hex'))).toEqual(before);
    for (const { keyMaterial } of key.keyMaterials) keyMaterial.fill(0);
    await importing;
    await expect(client.send(new DecryptCommand({ CiphertextBlob: blobs[1]! }))).resolves.toBeDefined();
  });

  test('refuses a key that is there, with the same secrets or with others, and writes nothing', async () => {
    const { kms, key } = await original();
    await expect(kms.importKey(key)).rejects.toMatchObject(EXISTS);
    const directory = await tempFolder();
    const other = localClient(directory).kms;
    await other.importKey({ ...key, keyMaterials: key.keyMaterials.slice(0, 1) });
    const before = await filesOf(directory);
    await expect(other.importKey(key)).rejects.toMatchObject({
      ...EXISTS,
      message: `${key.keyArn} already exists, with other key materials`,
    });
    expect(await filesOf(directory)).toEqual(before);
    expect((await other.exportKey(key.keyId)).keyMaterials).toHaveLength(1);
  });

  test('puts a secret back that is missing, and changes nothing else of the key', async () => {
    const { key, blobs } = await original();
    const directory = await tempFolder();
    const { kms, client } = localClient(directory);
    await kms.importKey(key);
    await client.send(new ScheduleKeyDeletionCommand({ KeyId: key.keyId }));
    for (const path of await filesOf(directory, ['materials'])) await unlink(path);
    const fresh = localClient(directory);
    await fresh.kms.importKey(key);
    const { KeyMetadata } = await fresh.client.send(new DescribeKeyCommand({ KeyId: key.keyId }));
    expect(KeyMetadata).toMatchObject({ KeyState: 'PendingDeletion' });
    expect(await fresh.kms.exportKey(key.keyId)).toEqual(key);
    expect(blobs).toHaveLength(2);
  });

  test('names a damaged secret that is in the way', async () => {
    const { key } = await original();
    const directory = await tempFolder();
    await localClient(directory).kms.importKey(key);
    const [path] = await filesOf(directory, ['materials']);
    await writeFile(path!, 'x');
    await expect(localClient(directory).kms.importKey(key)).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
      message: expect.stringContaining(path!),
    });
  });

  test('brings back a key that was purged', async () => {
    const { key, blobs } = await original();
    const { kms, client } = localClient(await tempFolder());
    await kms.importKey(key);
    await client.send(new ScheduleKeyDeletionCommand({ KeyId: key.keyId, PendingWindowInDays: 7 }));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 8 * 86_400_000 });
    await kms.purge(key.keyId);
    await kms.importKey(key);
    await expect(client.send(new DecryptCommand({ CiphertextBlob: blobs[0]! }))).resolves.toBeDefined();
  });

  const broken: [string, (key: ExportedKey) => unknown][] = [
    ['nothing', () => undefined],
    ['no key id', ({ keyId: _, ...key }) => key],
    ['a key id that is a path', (key) => ({ ...key, keyId: '../../x' })],
    ['the ARN of another key', (key) => ({ ...key, keyArn: key.keyArn.replace(/.$/, 'g') })],
    ['a description that is no text', (key) => ({ ...key, description: '\ud800' })],
    ['a description that is too long', (key) => ({ ...key, description: 'x'.repeat(8_193) })],
    ['no date', (key) => ({ ...key, creationDate: key.creationDate.toISOString() })],
    ['a date that is none', (key) => ({ ...key, creationDate: new Date(Number.NaN) })],
    ['no secret', (key) => ({ ...key, keyMaterials: [] })],
    ['27 secrets', (key) => ({ ...key, keyMaterials: Array(27).fill(key.keyMaterials[0]) })],
    ['a secret twice', (key) => ({ ...key, keyMaterials: [key.keyMaterials[0], key.keyMaterials[0]] })],
    ['a secret that is too short', (key) => withSecret(key, Buffer.alloc(31))],
    ['a secret with one bit flipped', (key) => withSecret(key, flipped(key.keyMaterials[0]!.keyMaterial))],
    ['a secret that is no bytes', (key) => withSecret(key, 'x'.repeat(32))],
  ];

  test.each(broken)('refuses %s before anything is written', async (_what, breakIt) => {
    const { key } = await original();
    const directory = await tempFolder();
    const { kms, client } = localClient(directory);
    await createKey(client);
    const before = await filesOf(directory);
    await expect(kms.importKey(breakIt(key) as ExportedKey)).rejects.toMatchObject({
      name: 'TypeError',
      code: 'ERR_SEALPIPE_OPTIONS',
    });
    expect(await filesOf(directory)).toEqual(before);
  });
});

function withSecret(key: ExportedKey, keyMaterial: unknown): unknown {
  return { ...key, keyMaterials: [{ ...key.keyMaterials[0], keyMaterial }] };
}

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[31]! ^= 1;
  return copy;
}
