import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { toolPath } from '../../support/external-tool.js';
import { prerequisite } from '../../support/prerequisite.js';
import type { Place } from '../support/command.js';
import { makePlace } from '../support/command.js';
import { command, makeDefaultKey, namesIn } from '../support/running.js';
import { onTerminal } from '../support/terminal.js';

async function placeWithFile(): Promise<Place> {
  const place = await makePlace();
  await writeFile(join(place.folder, 'a'), 'hello');
  return place;
}

async function keysOf(place: Place): Promise<{ keyArn: string; state: string; aliases: string[] }[]> {
  return JSON.parse((await command(['kms', 'list', '--json'], place)).stdout.toString()).keys;
}

describe('the default key', () => {
  it.each([[[]], [['-q']]])('is not created without a terminal, with %j', async (options) => {
    const place = await placeWithFile();
    const { status, stdout, stderr } = await command(['encrypt', 'a', ...options, '-o', 's'], place);
    expect([status, stdout.length, stderr]).toEqual([
      5,
      0,
      `sealpipe: error: no key was given, and local:alias/default is not in the embedded KMS in ${place.home}/kms\n` +
        '  Run sealpipe kms create-key --alias default, or give --key or SEALPIPE_KEY.\n',
    ]);
    expect(await namesIn(place.folder)).toEqual(['a']);
    await expect(namesIn(place.home)).rejects.toThrow('ENOENT');
  });

  it('is not made among other keys either, and does seal once it was made', async () => {
    const place = await placeWithFile();
    await command(['kms', 'create-key', '--alias', 'other'], place);
    expect(await command(['encrypt', 'a', '-o', 's'], place)).toMatchObject({ status: 5 });
    await makeDefaultKey(place);
    const { status, stderr } = await command(['encrypt', 'a', '-o', 's'], place);
    expect([status, stderr]).toEqual([
      0,
      `sealpipe: sealing with local:alias/default, which exists only in ${place.home}/kms: back it up\n`,
    ]);
    expect((await command(['encrypt', '-q', 'a', '-o', 't'], place)).stderr).toBe('');
  });

  it('is not praised before it works', async () => {
    const place = await placeWithFile();
    await makeDefaultKey(place);
    await command(['kms', 'disable', 'alias/default'], place);
    const { status, stderr } = await command(['encrypt', 'a', '-o', 's'], place);
    expect([status, stderr]).toEqual([5, expect.not.stringContaining('sealing with')]);
    expect(stderr).toContain('its state is Disabled');
  });
});

describe('the default key, on a terminal', () => {
  beforeEach((context) => prerequisite(context, toolPath('python3') !== undefined, 'python3'));

  it.each([[[]], [['--quiet']]])('is made by the first use, which says so with %j', async (options) => {
    const place = await placeWithFile();
    const shown = await onTerminal('2', ['encrypt', 'a', ...options, '-o', 's'], place);
    expect(shown.status).toBe(0);
    expect(shown.terminal).toContain('made the key local:alias/default. It exists only in');
    expect(await keysOf(place)).toMatchObject([{ state: 'Enabled', aliases: ['alias/default'] }]);
    const again = await onTerminal('2', ['encrypt', 'a', ...options, '-o', 't'], place);
    expect(again.terminal).not.toContain('made the key');
    expect((await command(['decrypt', 's'], place)).stdout.toString()).toBe('hello');
  });

  it('counts as a terminal only if standard error is one', async () => {
    const place = await placeWithFile();
    const shown = await onTerminal('01', ['encrypt', 'a', '-o', 's'], place);
    expect([shown.status, shown.terminal]).toEqual([5, '']);
  });

  it('is one key when many make it at once', async () => {
    const place = await placeWithFile();
    const names = ['s1', 's2', 's3', 's4', 's5'];
    const sealed = await Promise.all(
      names.map((name) => onTerminal('2', ['encrypt', 'a', '-o', name], place)),
    );
    expect(sealed.map(({ status }) => status)).toEqual(names.map(() => 0));
    expect(sealed.filter(({ terminal }) => terminal.includes('made the key'))).toHaveLength(1);
    const headers = await Promise.all(names.map((name) => command(['inspect', '--json', name], place)));
    const keys = headers.map(({ stdout }) => JSON.parse(stdout.toString()).recipients[0].key);
    expect(new Set(keys).size).toBe(1);
    expect(await keysOf(place)).toMatchObject([{ keyArn: keys[0], state: 'Enabled' }]);
  });
});
