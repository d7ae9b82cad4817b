import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { keyFrom, parseKeyReference } from '../../src/keys/index.js';
import { kms } from '../../src/keys/kms/index.js';
import { createLocalKms } from '../../src/local-kms/index.js';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { onlyWhere } from '../support/prerequisite.js';
import { tempFolder } from '../support/temp-folder.js';

const ID = '12345678-1234-1234-1234-123456789012';
const HEX = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
let home: string;

beforeEach(async () => {
  home = await tempFolder();
});

/** A local KMS in the home folder, with a key under an alias. */
async function localKey(state: 'enabled' | 'disabled' = 'enabled'): Promise<void> {
  await using localKms = createLocalKms({ directory: join(home, 'kms'), alias: 'alias/app' });
  const call = async (operation: string, input: object) =>
    localKms.requestHandler.handle({
      headers: { 'x-amz-target': `TrentService.${operation}` },
      body: JSON.stringify(input),
    });
  const { response } = await call('DescribeKey', { KeyId: 'alias/app' });
  const { KeyMetadata } = JSON.parse(Buffer.from(response.body).toString());
  if (state === 'disabled') await call('DisableKey', { KeyId: KeyMetadata.KeyId });
}

describe('the key that a text names', () => {
  it('seals and opens with a key of the local KMS, by its alias', async () => {
    await localKey();
    await using sealing = await keyFrom('local:alias/app', { home });
    const sealed = await encrypt('hello', { keys: sealing });
    await using opening = await keyFrom('local:alias/app', { home });
    expect(String(await decrypt(sealed, { keys: opening }))).toBe('hello');
  });

  it('is looked up under SEALPIPE_HOME by default', async () => {
    await localKey();
    vi.stubEnv('SEALPIPE_HOME', home);
    try {
      await using keys = await keyFrom('local:alias/app');
      expect((await encrypt('hello', { keys })).length).toBeGreaterThan(0);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('seals and opens with a key in a file', async () => {
    const path = join(home, 'key');
    await writeFile(path, HEX, { mode: 0o600 });
    await using keys = await keyFrom(`file:${path}`);
    expect(String(await decrypt(await encrypt('hello', { keys }), { keys }))).toBe('hello');
  });

  it.each(['alias/a', ID, `arn:aws:kms:eu-west-1:123456789012:key/${ID}`])(
    'is the same as kms() gives for %s',
    async (text) => {
      await using keys = await keyFrom(text, { timeout: 100 });
      expect(keys.id).toBe(kms({ keyId: text }).id);
    },
  );

  it('may be closed twice, and the local KMS does nothing after that', async () => {
    await localKey();
    const keys = await keyFrom('local:alias/app', { home });
    await keys.close();
    await keys.close();
    await expect(encrypt('hello', { keys })).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_SEALPIPE_KEY_/),
    });
  });
});

describe('a text that names no usable key', () => {
  it('is refused if there is no local KMS, and leaves no folder behind', async () => {
    await expect(keyFrom('local:alias/app', { home })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_KEY_NOT_FOUND',
      hint: expect.stringContaining('kms create-key'),
    });
    await expect(stat(join(home, 'kms'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is refused if the local KMS has no such key', async () => {
    await localKey();
    await expect(keyFrom('local:alias/other', { home })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_KEY_NOT_FOUND',
      message: expect.stringContaining('local:alias/other is not in the embedded KMS'),
    });
  });

  it('is refused if the local key is disabled, with what to do', async () => {
    await localKey('disabled');
    await expect(keyFrom('local:alias/app', { home })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
      message: 'local:alias/app cannot be used: its state is Disabled',
      hint: 'Run "sealpipe kms enable local:alias/app"',
    });
  });

  it('is refused if there is no file, with the error of the system as cause', async () => {
    // A dot: a long path without one may look like a key, which is refused as such.
    await expect(keyFrom(`file:${join(home, 'none.key')}`)).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_KEY_NOT_FOUND',
      cause: { code: 'ENOENT' },
    });
    await mkdir(join(home, 'folder.key'), { mode: 0o700 });
    await expect(keyFrom(`file:${join(home, 'folder.key')}`)).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_KEY_DENIED',
    });
  });

  it('is refused if others can access the file', async (context) => {
    onlyWhere(context, process.platform !== 'win32', 'Windows has no modes');
    const path = join(home, 'key');
    await writeFile(path, HEX, { mode: 0o640 });
    await expect(keyFrom(`file:${path}`)).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_KEY_DENIED',
      message: expect.not.stringContaining(HEX),
    });
  });

  it.each(['', 'backups', 'local:', 'local:a', 'file:', 'alias/', 'alias/a\n', 'arn:aws:s3:::bucket'])(
    '%j is wrong use',
    async (text) => {
      expect(() => parseKeyReference(text)).toThrow(
        expect.objectContaining({ name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' }),
      );
      await expect(keyFrom(text)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
    },
  );

  it('is wrong use with options that do not exist or are no path', async () => {
    const wrong = { hom: home } as object;
    await expect(keyFrom('alias/a', wrong)).rejects.toThrow('home');
    await expect(keyFrom('local:alias/a', { home: '' })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_OPTIONS',
    });
    await expect(keyFrom(undefined as unknown as string)).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_OPTIONS',
    });
  });
});

describe('options that are not legal', () => {
  const OPTIONS: readonly (readonly [string, object])[] = [
    ['a path that is not text', { home: 5 }],
    ['no time', { timeout: 0 }],
    ['a time that is not a number', { waitForNewKey: '1' }],
    ['a grant token that is not in a list', { grantTokens: 'a' }],
  ];
  it.each(OPTIONS)('such as %s are wrong use for every kind of key', async (_, options) => {
    await localKey();
    const path = join(home, 'key');
    await writeFile(path, HEX, { mode: 0o600 });
    for (const text of [`file:${path}`, 'local:alias/app', 'alias/app']) {
      const made = keyFrom(text, { home, ...options });
      await expect(made, text).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
    }
  });
});

describe('a reference to a key', () => {
  it('says what is named, and where', () => {
    expect(parseKeyReference('alias/a')).toEqual({ kind: 'aws', keyId: 'alias/a' });
    expect(parseKeyReference('local:alias/a')).toEqual({ kind: 'local', keyId: 'alias/a' });
    expect(parseKeyReference(`arn:aws:kms:local:000000000000:key/${ID}`)).toEqual({
      kind: 'local',
      keyId: ID,
    });
    expect(parseKeyReference('file:a:b c')).toEqual({ kind: 'file', path: 'a:b c' });
  });
});
