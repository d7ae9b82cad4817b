import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  KMSClient,
  ListAliasesCommand,
  ListKeysCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createLocalKms } from '../../../src/local-kms/index.js';
import { KeyDirectory } from '../../../src/local-kms/keys/key-directory.js';
import { openLocalKms } from '../../../src/local-kms/local-kms.js';
import { DirectoryStorage } from '../../../src/local-kms/storage/directory-storage.js';
import { tempFolder } from '../../support/temp-folder.js';

function opened(directory: string, alias?: string) {
  const local = openLocalKms({ directory, alias });
  onTestFinished(() => local.kms.close());
  return { ...local, client: new KMSClient(local.kms.clientConfig) };
}

/** What is left of a process that died between the alias and its key. */
async function leavePromise(directory: string, aliasName: string): Promise<string> {
  const targetKeyId = randomUUID();
  await mkdir(join(directory, 'aliases'), { recursive: true, mode: 0o700 });
  const id = createHash('sha256').update(aliasName).digest('hex');
  const record = { type: 'alias', version: 1, aliasName, targetKeyId, creationDate: 1, lastUpdatedDate: 1 };
  await writeFile(join(directory, 'aliases', `${id}.1.json`), JSON.stringify(record));
  return targetKeyId;
}

describe('a key that is made under an alias', () => {
  test('is one key when many make it at once, and none is left over', async () => {
    const directory = await tempFolder();
    const all = Array.from({ length: 8 }, () => opened(directory));
    const made = await Promise.all(all.map(({ createNamedKey }) => createNamedKey('alias/a', 'one')));
    const [keyId, ...others] = made.filter((id) => id !== undefined);
    expect(others).toEqual([]);
    const { keys, aliases } = await all[0]!.takeInventory();
    expect(keys).toMatchObject([{ keyId, description: 'one', state: 'Enabled' }]);
    expect(aliases.get(keyId!)).toEqual(['alias/a']);
    expect(await readdir(join(directory, 'materials'))).toHaveLength(1);
  });

  test('is refused where the alias is taken', async () => {
    const { createNamedKey, takeInventory } = opened(await tempFolder());
    const keyId = await createNamedKey('alias/a', '');
    expect(await createNamedKey('alias/a', '')).toBeUndefined();
    expect((await takeInventory()).keys).toMatchObject([{ keyId }]);
  });

  test('takes over an alias whose maker died before its key was there', async () => {
    const directory = await tempFolder();
    const dead = await leavePromise(directory, 'alias/a');
    const { createNamedKey, takeInventory, client } = opened(directory);
    expect((await client.send(new ListAliasesCommand({}))).Aliases).toEqual([]);
    const keyId = await createNamedKey('alias/a', '');
    expect(keyId).not.toBe(dead);
    const { keys, aliases } = await takeInventory();
    expect(keys).toMatchObject([{ keyId }]);
    expect(aliases.get(keyId!)).toEqual(['alias/a']);
  });

  test('is given up where its maker comes back after that', async () => {
    const directory = await tempFolder();
    const late = await leavePromise(directory, 'alias/a');
    const { createNamedKey, client } = opened(directory);
    const keyId = await createNamedKey('alias/a', '');
    const maker = new KeyDirectory(new DirectoryStorage(directory));
    expect(await maker.keys.createPromised(late, '')).toBeUndefined();
    expect(await readdir(join(directory, 'materials'))).toHaveLength(1);
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: 'alias/a' }));
    expect(KeyMetadata!.KeyId).toBe(keyId);
    expect((await client.send(new ListKeysCommand({}))).Keys).toHaveLength(1);
  });
});

describe('createLocalKms({ alias })', () => {
  test('makes the key once: the same lines run twice', async () => {
    const directory = await tempFolder();
    const sealed: string[] = [];
    for (const _ of [1, 2]) {
      const { client } = opened(directory, 'alias/app');
      const { KeyId } = await client.send(
        new EncryptCommand({ KeyId: 'alias/app', Plaintext: Buffer.from('x') }),
      );
      sealed.push(KeyId!);
    }
    expect(sealed[0]).toBe(sealed[1]);
    expect((await opened(directory).takeInventory()).keys).toHaveLength(1);
  });

  test('makes one key for many processes, and for many calls', async () => {
    const directory = await tempFolder();
    const clients = Array.from({ length: 5 }, () => opened(directory, 'alias/app').client);
    const answers = await Promise.all(
      [...clients, ...clients].map((client) => client.send(new DescribeKeyCommand({ KeyId: 'alias/app' }))),
    );
    expect(new Set(answers.map(({ KeyMetadata }) => KeyMetadata!.KeyId)).size).toBe(1);
    expect((await clients[0]!.send(new ListKeysCommand({}))).Keys).toHaveLength(1);
  });

  test('touches nothing before the first call, and takes a key as it is', async () => {
    const directory = join(await tempFolder(), 'kms');
    createLocalKms({ directory, alias: 'alias/app' });
    await expect(readdir(directory)).rejects.toThrow('ENOENT');
    const { client } = opened(directory, 'alias/app');
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: 'alias/app' }));
    await client.send(new DisableKeyCommand({ KeyId: KeyMetadata!.KeyId! }));
    const again = opened(directory, 'alias/app').client;
    const call = again.send(new EncryptCommand({ KeyId: 'alias/app', Plaintext: Buffer.from('x') }));
    await expect(call).rejects.toThrow('is disabled');
  });

  test('tries again after a failure', async () => {
    const parent = await tempFolder();
    await writeFile(join(parent, 'kms'), '');
    const { client } = opened(join(parent, 'kms'), 'alias/app');
    await expect(client.send(new ListKeysCommand({}))).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
    });
    await rm(join(parent, 'kms'));
    expect((await client.send(new ListKeysCommand({}))).Keys).toHaveLength(1);
  });

  test.each(['app', 'alias/', 'alias/aws/s3', 'alias/a b', '', 7, null])('refuses %j', (alias) => {
    expect(() => createLocalKms({ alias: alias as string })).toThrow(
      expect.objectContaining({ name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' }),
    );
  });
});
