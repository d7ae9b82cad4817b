import { readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateAliasCommand,
  DescribeKeyCommand,
  EncryptCommand,
  ListAliasesCommand,
  ListKeysCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../support/temp-folder.js';
import { filesOf } from './support/kms-files.js';
import { createKey, localClient } from './support/local-client.js';

describe('a file of the wrong shape', () => {
  const KEY_ID = '6f2e28f9-7602-47da-acd8-1afef05d688a';
  const good = {
    type: 'key',
    version: 1,
    keyId: KEY_ID,
    creationDate: 1,
    description: '',
    state: 'Enabled',
    materials: ['a'.repeat(64)],
  };

  test.each<[string, unknown, string]>([
    ['empty', '', 'it is not JSON'],
    ['no JSON', 'hello', 'it is not JSON$'],
    ['cut short', JSON.stringify(good).slice(0, -1), 'it is not JSON'],
    ['another thing', '[]', 'its type is not "key"'],
    ['null', 'null', 'not a JSON object'],
    ['another type', { ...good, type: 'alias' }, 'its type is not "key"'],
    ['a later version', { ...good, version: 2 }, 'its version is 2, and this release knows 1$'],
    ['no version', { ...good, version: undefined }, 'it has no version'],
    ['another key', { ...good, keyId: KEY_ID.replace('6', '7') }, 'its keyId is not the one in its name'],
    ['no key', { ...good, keyId: 7 }, 'keyId is malformed'],
    ['an unknown state', { ...good, state: 'Creating' }, 'state is malformed'],
    ['no state', { ...good, state: undefined }, 'state is malformed'],
    [
      'pending deletion without a day',
      { ...good, state: 'PendingDeletion' },
      'its deletionDate does not fit its state',
    ],
    [
      'enabled with a day of deletion',
      { ...good, deletionDate: 5 },
      'its deletionDate does not fit its state',
    ],
    ['no material', { ...good, materials: [] }, 'materials is not a list'],
    ['a path for a material', { ...good, materials: ['../../x'] }, 'materials is malformed'],
    ['a material twice', { ...good, materials: ['a'.repeat(64), 'a'.repeat(64)] }, 'materials is malformed'],
    ['no time', { ...good, creationDate: '2026' }, 'creationDate is not a time'],
  ])('%s: an error that names it, and it stays', async (_what, content, reason) => {
    const directory = await tempFolder();
    const { client } = localClient(directory);
    await client.send(new ListKeysCommand({}));
    const path = join(directory, 'keys', `${KEY_ID}.1.json`);
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    await writeFile(path, text);
    for (const call of [
      () => client.send(new DescribeKeyCommand({ KeyId: KEY_ID })),
      () => client.send(new EncryptCommand({ KeyId: KEY_ID, Plaintext: Buffer.from('x') })),
    ]) {
      await expect(call()).rejects.toMatchObject({
        code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
        retryable: false,
        message: expect.stringMatching(
          new RegExp(`^${path} is not a file of the embedded KMS, or is damaged: .*${reason}`),
        ),
        hint: 'If a newer sealpipe made it, upgrade this one; otherwise restore it from a backup',
      });
    }
    await expect(client.send(new ListKeysCommand({}))).rejects.toThrow(path);
    expect(await readFile(path, 'utf8')).toBe(text);
    await expect(createKey(client)).resolves.toBeDefined();
  });

  test('an alias that goes by the name of another', async () => {
    const directory = await tempFolder();
    const { client } = localClient(directory);
    const { keyId } = await createKey(client);
    await client.send(new CreateAliasCommand({ AliasName: 'alias/a', TargetKeyId: keyId }));
    const [path] = await filesOf(directory, ['aliases']);
    await writeFile(path!, (await readFile(path!, 'utf8')).replace('alias/a', 'alias/b'));
    await expect(localClient(directory).client.send(new ListAliasesCommand({}))).rejects.toThrow(
      `${path} is not a file of the embedded KMS, or is damaged: its aliasName is not the one in its name`,
    );
  });

  test.each<[string, (content: Buffer) => Buffer]>([
    [
      'one bit flipped',
      (content) => Buffer.concat([content.subarray(0, -1), Buffer.from([content.at(-1)! ^ 1])]),
    ],
    ['cut short', (content) => content.subarray(0, -1)],
    ['extended', (content) => Buffer.concat([content, Buffer.alloc(1)])],
    ['another magic', (content) => Buffer.concat([Buffer.from('X'), content.subarray(1)])],
    ['empty', () => Buffer.alloc(0)],
    ['huge', () => Buffer.alloc(1_000_000)],
  ])('a key material %s: an error that names the file and shows no secret', async (_what, damage) => {
    const directory = await tempFolder();
    const { keyId } = await createKey(localClient(directory).client);
    const [path] = await filesOf(directory, ['materials']);
    const content = await readFile(path!);
    await writeFile(path!, damage(content));
    const call = localClient(directory).client.send(
      new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('x') }),
    );
    const error = await call.catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
      message: expect.stringContaining(path!),
    });
    const secret = content.subarray(-32);
    expect(JSON.stringify(error)).not.toContain(secret.toString('hex'));
    expect(String(error)).not.toContain(secret.toString('base64'));
  });

  test('a key material that is missing is named', async () => {
    const directory = await tempFolder();
    const { keyId } = await createKey(localClient(directory).client);
    const [path] = await filesOf(directory, ['materials']);
    await unlink(path!);
    const call = localClient(directory).client.send(
      new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('x') }),
    );
    await expect(call).rejects.toThrow(`The key material ${path} is missing from the embedded KMS`);
  });

  test('a key whose file is taken away is gone at once, lest it go on sealing', async () => {
    const directory = await tempFolder();
    const { client } = localClient(directory);
    const { keyId } = await createKey(client);
    await unlink(join(directory, 'keys', `${keyId}.1.json`));
    const call = client.send(new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('x') }));
    await expect(call).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});
