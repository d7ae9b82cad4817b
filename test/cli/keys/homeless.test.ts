import { chmod, chown, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { bareEnvironment, NOBODY_KNOWN, onlyWhereOthersRead } from '../../support/other-user.js';
import type { Place } from '../support/command.js';
import { MAIN, makePlace } from '../support/command.js';
import { command } from '../support/running.js';

/** As in many containers: a user without a name, a home directory and an environment. */
async function homeless(env: Readonly<Record<string, string>>, words: readonly string[], place: Place) {
  const { status, stdout, stderr } = await command(words, place, {
    env: {
      ...Object.fromEntries(Object.keys(place.env).map((name) => [name, undefined])),
      ...bareEnvironment(env),
    },
    uid: NOBODY_KNOWN,
  });
  return [status, stdout.toString(), stderr];
}

async function placeOfNobody(): Promise<Place> {
  const place = await makePlace();
  await writeFile(join(place.folder, 'a'), 'hello\n');
  await chmod(dirname(place.folder), 0o711);
  await chown(place.folder, NOBODY_KNOWN, NOBODY_KNOWN);
  return place;
}

describe('without a home directory', () => {
  beforeEach((context) => onlyWhereOthersRead(context, MAIN));

  it('the embedded KMS works if SEALPIPE_HOME is set', async () => {
    const place = await placeOfNobody();
    const env = { SEALPIPE_HOME: join(place.folder, 'home') };
    expect(await homeless(env, ['kms', 'create-key', '--alias', 'default', '-q'], place)).toEqual([
      0,
      'local:alias/default\n',
      '',
    ]);
    expect(await homeless(env, ['encrypt', '-q', 'a', '-o', 's'], place)).toEqual([0, '', '']);
    expect(await homeless(env, ['decrypt', '-q', 's'], place)).toEqual([0, 'hello\n', '']);
  });

  it.each([[['encrypt', 'a']], [['kms', 'list']], [['kms', 'create-key']]])(
    '%j without SEALPIPE_HOME says what to set',
    async (words) => {
      const place = await placeOfNobody();
      expect(await homeless({}, words, place)).toEqual([
        5,
        '',
        'sealpipe: error: the embedded KMS has no folder: this user has no home directory\n' +
          '  Set SEALPIPE_HOME to a folder for its keys.\n',
      ]);
    },
  );

  it('a key of AWS KMS says what the SDK lacks', async () => {
    const place = await placeOfNobody();
    const env = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' };
    const [status, stdout, stderr] = await homeless(env, ['encrypt', '-k', 'alias/a', 'a'], place);
    expect([status, stdout]).toEqual([5, '']);
    expect(stderr).toContain('this user has no home directory');
    expect(stderr).toContain('Set HOME to any directory');
  });

  it('a key file needs none', async () => {
    const place = await placeOfNobody();
    await writeFile(join(place.folder, 'k'), `${'0'.repeat(63)}1\n`, { mode: 0o600 });
    await chown(join(place.folder, 'k'), NOBODY_KNOWN, NOBODY_KNOWN);
    expect((await homeless({}, ['encrypt', '-k', 'file:k', 'a', '-o', 's'], place))[0]).toBe(0);
    expect(await homeless({}, ['decrypt', '-k', 'file:k', 's'], place)).toEqual([0, 'hello\n', '']);
  });
});
