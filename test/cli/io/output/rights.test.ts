import { chmod, chown, mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { onlyWhere } from '../../../support/prerequisite.js';
import { runProcess } from '../../../support/run-process.js';
import type { Place } from '../../support/command.js';
import { MAIN, makePlace } from '../../support/command.js';
import { command, KEY_TEXT, makeDefaultKey, namesIn } from '../../support/running.js';

/** Someone without rights: ourselves, unless we are root, whom nothing stops. */
const NOBODY = process.getuid?.() === 0 ? 65_534 : undefined;

beforeEach(async (context) => {
  onlyWhere(context, process.platform !== 'win32', 'modes are for POSIX');
  if (NOBODY === undefined) return;
  const { status } = await runProcess(process.execPath, [
    '-e',
    `process.setgid(${NOBODY}); process.setuid(${NOBODY}); require('fs').accessSync(${JSON.stringify(MAIN)})`,
  ]);
  onlyWhere(context, status === 0, 'the build is hidden from other users');
});

async function placeOfNobody(): Promise<Place> {
  const place = await makePlace();
  await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
  await writeFile(join(place.folder, 'a'), 'hello\n');
  await mkdir(join(place.folder, 'closed'));
  await writeFile(join(place.folder, 'closed/old'), 'old');
  if (NOBODY !== undefined) {
    await chmod(dirname(place.folder), 0o711);
    for (const name of ['', 'k', 'a', 'closed', 'closed/old'])
      await chown(join(place.folder, name), NOBODY, NOBODY);
  }
  await chmod(join(place.folder, 'closed'), 0o555);
  return place;
}

const asNobody = NOBODY === undefined ? {} : { uid: NOBODY };

describe('without the rights for it', () => {
  it('nothing is written in a folder that may only be read', async () => {
    const place = await placeOfNobody();
    for (const words of [
      ['-o', 'closed/new'],
      ['-f', '-o', 'closed/old'],
    ]) {
      const { status, stderr } = await command(['encrypt', '-k', 'file:k', 'a', ...words], place, asNobody);
      const name = words.at(-1);
      expect([status, stderr]).toEqual([1, `sealpipe: error: cannot write ${name}: permission denied\n`]);
    }
    expect(await namesIn(join(place.folder, 'closed'))).toEqual(['old']);
    expect(await readFile(join(place.folder, 'closed/old'), 'utf8')).toBe('old');
  });

  it('nothing is read either', async () => {
    const place = await placeOfNobody();
    await chmod(join(place.folder, 'a'), 0);
    await chmod(join(place.folder, 'k'), 0);
    const file = await command(['inspect', 'a'], place, asNobody);
    expect([file.status, file.stderr]).toEqual([1, 'sealpipe: error: cannot read a: permission denied\n']);
    const key = await command(['decrypt', '-k', 'file:k', '--', 'closed/old'], place, asNobody);
    expect(key.status).toBe(3);
    const seal = await command(['encrypt', '-k', 'file:k', 'closed/old'], place, asNobody);
    expect([seal.status, seal.stderr]).toEqual([
      5,
      'sealpipe: error: cannot read the key file k: permission denied\n',
    ]);
  });

  it('keys that may only be read are read, whatever a killed process has left beside them', async () => {
    const place = await placeOfNobody();
    const env = { SEALPIPE_HOME: join(place.folder, 'home') };
    const run = (...words: string[]) => command(words, place, { ...asNobody, env });
    await makeDefaultKey(place, { ...asNobody, env });
    expect(await run('encrypt', '-q', 'a', '-o', 's')).toMatchObject({ status: 0 });
    const keys = join(place.folder, 'home/kms/keys');
    const leftOver = join(keys, `.${'0'.repeat(32)}.tmp`);
    await writeFile(leftOver, 'x');
    const anHourAgo = new Date(Date.now() - 3_600_000);
    await utimes(leftOver, anHourAgo, anHourAgo);
    await chmod(keys, 0o500);
    const opened = await run('decrypt', '-q', 's');
    expect([opened.status, opened.stdout.toString(), opened.stderr]).toEqual([0, 'hello\n', '']);
    const made = await run('kms', 'create-key');
    expect([made.status, made.stderr]).toEqual([
      5,
      expect.stringMatching(
        /^sealpipe: error: the embedded KMS cannot write .*: permission denied \(EACCES\)\n$/,
      ),
    ]);
  });

  it('a home that cannot be seen is not taken for one without keys', async () => {
    const place = await placeOfNobody();
    await chmod(join(place.folder, 'closed'), 0o000);
    const env = { SEALPIPE_HOME: join(place.folder, 'closed') };
    for (const words of [
      ['kms', 'list'],
      ['kms', 'describe', 'alias/a'],
      ['encrypt', 'a'],
    ]) {
      const { status, stdout, stderr } = await command(words, place, { ...asNobody, env });
      expect([status, stdout.length, stderr]).toEqual([5, 0, expect.stringContaining('permission denied')]);
    }
  });

  it('no home is no default key', async () => {
    const place = await placeOfNobody();
    const env = { SEALPIPE_HOME: join(place.folder, 'closed/place') };
    const { status, stderr } = await command(['encrypt', 'a', '-o', 's'], place, { ...asNobody, env });
    expect(status).toBe(5);
    expect(stderr).toContain('closed/place/kms');
    expect(await namesIn(place.folder)).toEqual(['a', 'closed', 'k']);
  });
});
