import { chmod, link, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Invocation } from '../../../src/cli/invocation.js';
import { KeyGuard } from '../../../src/cli/keys/key-guard.js';
import { Terminal } from '../../../src/cli/terminal/terminal.js';
import { onlyWhere } from '../../support/prerequisite.js';
import { runProcess } from '../../support/run-process.js';
import { sampled } from '../../support/sample.js';
import type { Place } from '../support/command.js';
import { makePlace } from '../support/command.js';
import { command, KEY_TEXT, namesIn } from '../support/running.js';

beforeEach((context) => onlyWhere(context, process.platform === 'linux', 'the names are those of Linux'));

const OTHER_KEY = `${'0'.repeat(63)}2\n`;

/** Two keys, names of the first, a plaintext and a stream of it. */
async function placeWithKeys(): Promise<Place> {
  const place = await makePlace();
  const at = (name: string) => join(place.folder, name);
  await writeFile(at('hex'), KEY_TEXT, { mode: 0o600 });
  await writeFile(at('other'), OTHER_KEY, { mode: 0o600 });
  await writeFile(at('plain'), 'hello');
  await link(at('hex'), at('hard'));
  await symlink('hex', at('soft'));
  await mkdir(at('folder'));
  await symlink('..', at('folder/up'));
  expect(await command(['encrypt', '-k', 'file:hex', 'plain', '-o', 's'], place)).toMatchObject({
    status: 0,
  });
  return place;
}

function bash(line: string, { folder, env }: Place, add: Record<string, string> = {}) {
  return runProcess('bash', ['-c', line], { cwd: folder, env: { ...env, ...add } });
}

async function assertAsBefore(place: Place): Promise<void> {
  expect(await readFile(join(place.folder, 'hex'), 'utf8')).toBe(KEY_TEXT);
  expect(await readFile(join(place.folder, 'other'), 'utf8')).toBe(OTHER_KEY);
  expect(await namesIn(place.folder)).toEqual(['folder', 'hard', 'hex', 'other', 'plain', 's', 'soft']);
}

describe('a key file', () => {
  const outputs = [
    'sealpipe encrypt -k file:hex plain -f -o hex',
    'sealpipe encrypt -k file:hex plain -o hex',
    'sealpipe encrypt -k file:hex plain -f -o hard',
    'sealpipe encrypt -k file:soft plain -f -o folder/up/hex',
    'sealpipe encrypt -k file:hex -f -o soft -- echo x',
    'sealpipe encrypt -k file:other -k file:hex plain -f -o hex',
    'sealpipe encrypt -k file:hex plain >> hex',
    'sealpipe encrypt -k file:hex plain 1<> soft',
    'sealpipe encrypt -k file:hex plain -o /dev/fd/7 7>> hard',
    'sealpipe encrypt -k file:/dev/fd/8 plain -f -o hex 8< hex',
    'sealpipe encrypt -k file:hex plain -o t --json >> hex',
    'sealpipe decrypt -k file:hex s -f -o hex',
    'sealpipe decrypt -k file:other -k file:hex s >> hex',
  ];
  it.each(sampled(outputs, 5, 'outputs that are a key'))('is never the output: %s', async (line) => {
    const place = await placeWithKeys();
    const { status, stdout, stderr } = await bash(line, place);
    expect([status, stdout, stderr]).toEqual([2, '', expect.stringContaining('is the same file as the key')]);
    await assertAsBefore(place);
  });

  it('that the environment names is not either, used or not', async () => {
    const place = await placeWithKeys();
    for (const line of [
      'sealpipe encrypt plain -f -o hex',
      'sealpipe encrypt -k file:other plain -f -o hex',
      'sealpipe inspect s -f -o hard',
    ]) {
      expect(await bash(line, place, { SEALPIPE_KEY: 'file:hex' })).toMatchObject({ status: 2, stdout: '' });
    }
    await assertAsBefore(place);
  });

  it('that the environment names is guarded even if its name ends in a space', async () => {
    const place = await placeWithKeys();
    const path = join(place.folder, 'key ');
    await writeFile(path, KEY_TEXT);
    const env = { ...place.env, SEALPIPE_KEY: `alias/a\r\nfile:${path}\r\n` };
    const invocation = { env, terminal: new Terminal(process.stderr, env) } as unknown as Invocation;
    const { assertFree } = await KeyGuard.for([], invocation);
    await expect(assertFree('out', await stat(path, { bigint: true }), path)).rejects.toMatchObject({
      status: 2,
    });
  });

  it('gets no messages if standard error leads there', async () => {
    const place = await placeWithKeys();
    expect(await bash('sealpipe encrypt -v -k file:hex plain -o t 2>> hex', place)).toMatchObject({
      status: 2,
    });
    await assertAsBefore(place);
  });

  it('that the shell has emptied is named as lost', async () => {
    const place = await placeWithKeys();
    const { status, stderr } = await bash('sealpipe encrypt -k file:other -k file:hex plain > hex', place);
    expect([status, stderr]).toEqual([2, expect.stringContaining('the key hex, which is empty')]);
  });

  it('does not prevent work on other files', async () => {
    const place = await placeWithKeys();
    await chmod(join(place.folder, 's'), 0o600);
    expect(await bash('sealpipe encrypt -k file:hex other -f -o s', place)).toMatchObject({ status: 0 });
    expect(await bash('sealpipe decrypt -k file:hex s', place)).toMatchObject({ stdout: OTHER_KEY });
  });
});

describe('the folder of the embedded KMS', () => {
  it('is written to by the embedded KMS alone', async () => {
    const place = await placeWithKeys();
    expect(
      await bash('sealpipe kms create-key -q --alias a && ln -s "$SEALPIPE_HOME/kms" in', place),
    ).toMatchObject({ status: 0 });
    const snapshot = () => bash('find in/ -type f | sort | xargs sha256sum', place);
    const before = (await snapshot()).stdout;
    const material = 'in/materials/$(ls in/materials | head -1)';
    for (const line of [
      `sealpipe encrypt -k file:hex plain -f -o ${material}`,
      'sealpipe encrypt -k local:alias/a plain -o in/keys/new',
      'sealpipe decrypt -k file:hex s -o in/new',
      'sealpipe inspect s -o "$SEALPIPE_HOME/kms/new"',
      'sealpipe kms export alias/a -o in/backup',
      'ln -s in/keys/new dangling; sealpipe encrypt -k file:hex plain -f -o dangling',
      `sealpipe encrypt -k file:hex plain >> ${material}`,
      `ln ${material} near; sealpipe encrypt -k file:hex plain -f -o near`,
      'sealpipe encrypt -k file:hex plain 1<> near',
    ]) {
      const { status, stderr } = await bash(line, place);
      expect([line, status, stderr]).toEqual([
        line,
        2,
        expect.stringContaining('in the folder of the embedded KMS'),
      ]);
    }
    expect((await snapshot()).stdout).toBe(before);
  });
});
