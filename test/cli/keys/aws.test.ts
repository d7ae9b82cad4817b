import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Moto } from '../../keys/kms/moto.js';
import { startMoto } from '../../keys/kms/moto.js';
import { toolPath } from '../../support/external-tool.js';
import { prerequisite } from '../../support/prerequisite.js';
import { runProcess } from '../../support/run-process.js';
import type { Place } from '../support/command.js';
import { makePlace } from '../support/command.js';
import { command, namesIn } from '../support/running.js';

/** The account that moto plays. */
const ACCOUNT = '123456789012';

let moto: Promise<Moto> | undefined;
afterAll(async () => (await moto)?.close());

beforeEach((context) => prerequisite(context, toolPath('moto_server') !== undefined, 'moto_server'));

/** A place with the environment of someone who uses the AWS CLI. */
async function placeOnAws(): Promise<Place> {
  moto ??= startMoto();
  const { clientConfig } = await moto;
  const place = await makePlace();
  await writeFile(join(place.folder, 'a'), 'hello\n');
  const env = {
    AWS_ENDPOINT_URL_KMS: String(clientConfig.endpoint),
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
  };
  return { ...place, env: { ...place.env, ...env } };
}

async function run(place: Place, ...words: string[]) {
  const { status, stdout, stderr } = await command(words, place);
  return { status, stdout: stdout.toString(), stderr };
}

const HELLO = { status: 0, stdout: 'hello\n', stderr: '' };

describe('with a KMS of AWS', () => {
  it('a key is named by alias, id or ARN, as the AWS CLI names it', async (context) => {
    prerequisite(context, toolPath('aws') !== undefined, 'the aws command');
    const place = await placeOnAws();
    const aws = async (...words: string[]) => {
      const told = await runProcess('aws', ['kms', ...words], { env: place.env, cwd: place.folder });
      expect(told.stderr).toBe('');
      return told.stdout === '' ? {} : JSON.parse(told.stdout);
    };
    const { KeyMetadata: key } = await aws('create-key');
    await aws('create-alias', '--alias-name', 'alias/backups', '--target-key-id', key.KeyId);

    expect(
      await run(place, 'encrypt', '-k', 'alias/backups', '-c', 'purpose=test', 'a', '-o', 's'),
    ).toMatchObject({
      status: 0,
      stderr: '',
    });
    const { stdout } = await run(place, 'inspect', '--json', 's');
    expect(JSON.parse(stdout).recipients).toMatchObject([{ provider: 'aws-kms', key: key.Arn }]);
    for (const name of ['alias/backups', key.KeyId, key.Arn]) {
      expect(await run(place, 'decrypt', '-k', name, 's')).toEqual(HELLO);
    }
    // The alias is re-pointed: its new key does not open what the old one sealed.
    const { KeyMetadata: other } = await aws('create-key');
    await aws('update-alias', '--alias-name', 'alias/backups', '--target-key-id', other.KeyId);
    expect(await run(place, 'decrypt', '-k', 'alias/backups', 's', '-o', 'b')).toMatchObject({ status: 5 });
    expect(await namesIn(place.folder)).toEqual(['a', 's']);
  });

  it('a stream opens only by the word of the user', async () => {
    const place = await placeOnAws();
    const key = await (await moto)!.createKey();
    const other = await (await moto)!.createKey();
    expect(await run(place, 'encrypt', '-k', key, 'a', '-o', 's')).toMatchObject({ status: 0 });

    const refused = await run(place, 'decrypt', 's');
    expect(refused).toMatchObject({ status: 5, stdout: '' });
    expect(refused.stderr).toContain(key);
    expect(refused.stderr).toContain('--account');
    expect(await run(place, 'decrypt', '--account', ACCOUNT, 's')).toEqual({
      ...HELLO,
      stderr: `sealpipe: opened with ${key}\n`,
    });
    for (const trust of [
      ['--account', '210987654321'],
      ['--account', `aws-cn:${ACCOUNT}`],
      ['-k', other],
      ['-k', 'local:alias/default'],
    ]) {
      expect([trust, await run(place, 'decrypt', ...trust, 's')]).toMatchObject([
        trust,
        { status: 5, stdout: '' },
      ]);
    }
    expect(await run({ ...place, env: { ...place.env, SEALPIPE_KEY: key } }, 'decrypt', 's')).toEqual(HELLO);
  });

  it('keys of AWS, of this machine and in a file seal one stream together', async () => {
    const place = await placeOnAws();
    const key = await (await moto)!.createKey();
    await run(place, 'kms', 'create-key', '--alias', 'b');
    await writeFile(join(place.folder, 'k'), `${'0'.repeat(63)}1`, { mode: 0o600 });
    const keys = ['-k', key, '-k', 'local:alias/b', '-k', 'file:k'];
    expect(await run(place, 'encrypt', ...keys, 'a', '-o', 's')).toMatchObject({ status: 0 });
    for (const name of [key, 'local:alias/b', 'file:k']) {
      expect(await run(place, 'decrypt', '-k', name, 's')).toEqual(HELLO);
    }
    expect(await run(place, 'decrypt', 's')).toEqual({
      ...HELLO,
      stderr: 'sealpipe: opened with local:alias/b\n',
    });
  });

  it('a key that is not there fails with status 5 and leaves nothing', async () => {
    const place = await placeOnAws();
    const { status, stderr } = await run(place, 'encrypt', '-k', 'alias/none', 'a', '-o', 's');
    expect(status).toBe(5);
    expect(stderr).toMatch(/^sealpipe: error: .*NotFoundException/);
    expect(stderr.split('\n').length).toBeLessThanOrEqual(3);
    expect(await namesIn(place.folder)).toEqual(['a']);
  });
});
