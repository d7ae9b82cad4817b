import { chmod, chown, mkdir, readdir, stat, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateAliasCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import { beforeEach, describe, expect, test } from 'vitest';
import { DirectoryStorage } from '../../../src/local-kms/storage/directory-storage.js';
import type { StorageFiles } from '../../../src/local-kms/storage/storage-files.js';
import { storageFiles } from '../../../src/local-kms/storage/storage-files.js';
import { onlyWhere } from '../../support/prerequisite.js';
import { runProcess } from '../../support/run-process.js';
import { tempFolder } from '../../support/temp-folder.js';
import { FOLDERS, filesOf } from '../support/kms-files.js';
import { createKey, localClient } from '../support/local-client.js';

const AN_HOUR_AGO = new Date(Date.now() - 3_600_000);
const LEFT_OVER = `.${'0'.repeat(32)}.tmp`;

describe('permissions', () => {
  beforeEach((context) =>
    onlyWhere(context, process.platform !== 'win32', 'modes are not checked on Windows'),
  );

  test('what is made is for its owner alone', async () => {
    const directory = join(await tempFolder(), 'deep', 'kms');
    const { client } = localClient(directory);
    const { keyId } = await createKey(client);
    await client.send(new CreateAliasCommand({ AliasName: 'alias/a', TargetKeyId: keyId }));
    const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
    for (const folder of ['', ...FOLDERS]) expect(await modeOf(join(directory, folder))).toBe(0o700);
    const files = await filesOf(directory);
    expect(files).toHaveLength(3);
    for (const file of files) expect(await modeOf(file)).toBe(0o600);
  });

  test.each([0o750, 0o701, 0o770, 0o755, 0o777])(
    'a directory of mode %o is refused, and left as it is',
    async (mode) => {
      const directory = await tempFolder();
      await chmod(directory, mode);
      const error = await createKey(localClient(directory).client).catch((caught: unknown) => caught);
      expect(error).toMatchObject({
        code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
        retryable: false,
        message: `The embedded KMS refuses ${directory}: users other than its owner can access it (mode ${mode.toString(8)})`,
        hint: 'Run chmod 700 on it, or choose another directory',
      });
      expect((await stat(directory)).mode & 0o777).toBe(mode);
      expect(await readdir(directory)).toEqual([]);
    },
  );

  test('works once the directory has been closed to others', async () => {
    const directory = await tempFolder();
    await chmod(directory, 0o755);
    const { client } = localClient(directory);
    await expect(createKey(client)).rejects.toThrow('refuses');
    await chmod(directory, 0o700);
    await expect(createKey(client)).resolves.toBeDefined();
  });

  test('a directory of another user is refused', async (context) => {
    onlyWhere(context, process.getuid?.() === 0, 'only root can give a directory away');
    const directory = await tempFolder();
    await chown(directory, 12_345, 12_345);
    const call = createKey(localClient(directory).client);
    await expect(call).rejects.toThrow(`The embedded KMS refuses ${directory}: it belongs to another user`);
  });

  test('a folder inside it that others may enter is refused, too', async () => {
    const directory = await tempFolder();
    await mkdir(join(directory, 'keys'), { mode: 0o755 });
    await chmod(join(directory, 'keys'), 0o755);
    await expect(createKey(localClient(directory).client)).rejects.toThrow(
      `refuses ${join(directory, 'keys')}`,
    );
  });
});

describe('a path that is no directory', () => {
  test('is an error that names it', async () => {
    const path = join(await tempFolder(), 'file');
    await writeFile(path, '');
    await expect(createKey(localClient(path).client)).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
      message: expect.stringMatching(/: file already exists \(EEXIST\)$/),
      cause: expect.objectContaining({ code: 'EEXIST', path }),
    });
  });
});

describe('something else under the name of a record', () => {
  beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'FIFOs are for POSIX'));

  test('is refused and not waited for', async () => {
    const directory = await tempFolder();
    const { client } = localClient(directory);
    const { keyId } = await createKey(client);
    const path = join(directory, 'keys', `${keyId}.2.json`);
    await runProcess('mkfifo', [path]);
    await expect(client.send(new ListKeysCommand({}))).rejects.toThrow(
      `${path} is not a file of the embedded KMS`,
    );
  });
});

describe('what is left over from a process that died', () => {
  test('is ignored, and removed when it is old; nothing else ever is', async () => {
    const directory = await tempFolder();
    const first = localClient(directory);
    await createKey(first.client);
    const keys = join(directory, 'keys');
    const fresh = `.${'f'.repeat(32)}.tmp`;
    const strangers = ['notes.txt', '.DS_Store', '.1.tmp', `${LEFT_OVER}.json`];
    for (const name of [LEFT_OVER, fresh, ...strangers]) await writeFile(join(keys, name), 'x');
    for (const name of [LEFT_OVER, ...strangers]) await utimes(join(keys, name), AN_HOUR_AGO, AN_HOUR_AGO);
    const linked = `.${'1'.repeat(32)}.tmp`;
    await symlink('/nonexistent', join(keys, linked));

    const { Keys } = await localClient(directory).client.send(new ListKeysCommand({}));
    expect(Keys).toHaveLength(1);
    const names = await readdir(keys);
    expect(names).not.toContain(LEFT_OVER);
    expect(names).toEqual(expect.arrayContaining([fresh, linked, ...strangers]));
  });

  test('may be taken from a writer that was only asleep: it writes again', async () => {
    const directory = await tempFolder();
    const storage = new DirectoryStorage(directory);
    await storage.list('keys');
    let done = false;
    let taken = 0;
    const sweep = async () => {
      while (!done) {
        for (const name of await readdir(join(directory, 'keys'))) {
          if (name.endsWith('.tmp') && Math.random() < 0.5) {
            await unlink(join(directory, 'keys', name)).then(
              () => taken++,
              () => {},
            );
          }
        }
      }
    };
    const sweeping = sweep();
    const names = Array.from({ length: 200 }, (_, i) => `n${i}`);
    const created = await Promise.all(names.map((name) => storage.create('keys', name, Buffer.from(name))));
    done = true;
    await sweeping;
    expect(taken).toBeGreaterThan(0);
    expect(created.every(Boolean)).toBe(true);
    for (const name of names) expect(await storage.read('keys', name)).toEqual(Buffer.from(name));
  });
});

test('a directory that cannot be made is what the error names, and not a file in it', async () => {
  const folder = await tempFolder();
  await writeFile(join(folder, 'file'), '');
  const storage = new DirectoryStorage(join(folder, 'file/kms'));
  const message = `The embedded KMS cannot make its directory ${join(folder, 'file/kms')}: not a directory (ENOTDIR)`;
  const failure = { code: 'ERR_SEALPIPE_KEY_UNAVAILABLE', retryable: false, message };
  await expect(storage.create('keys', 'a', Buffer.from('a'))).rejects.toMatchObject(failure);
  await expect(storage.read('keys', 'a')).rejects.toMatchObject(failure);
});

describe('a secret that was read', () => {
  test.each(['read', 'close', 'sync'] as const)('is wiped if %s fails', async (faulty) => {
    const directory = await tempFolder();
    await new DirectoryStorage(directory).create('materials', 'a', Buffer.alloc(64, 7));
    const seen: Uint8Array[] = [];
    const failing = (call: string) => {
      if (call === faulty) throw Object.assign(new Error(`EIO: i/o error, ${call}`), { code: 'EIO' });
    };
    const files: StorageFiles = {
      ...storageFiles,
      async open(path, wish) {
        const file = await storageFiles.open(path, wish);
        return {
          ...file,
          async read(memory, position) {
            seen.push(memory);
            const length = await file.read(memory.subarray(0, 40), position);
            if (position > 0) failing('read');
            return length;
          },
          async close() {
            await file.close();
            failing('close');
          },
        };
      },
      async syncFolder(folder) {
        if (seen.length > 0) failing('sync');
        await storageFiles.syncFolder(folder);
      },
    };
    await expect(new DirectoryStorage(directory, files).read('materials', 'a')).rejects.toThrow('EIO');
    expect(seen.map((memory) => memory.every((byte) => byte === 0))).toEqual([true, true]);
  });
});
