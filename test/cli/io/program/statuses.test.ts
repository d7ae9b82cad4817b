import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../../src/cli/arguments/command-line.js';
import { okStatuses } from '../../../../src/cli/arguments/values/statuses.js';
import { onlyWhere } from '../../../support/prerequisite.js';
import type { Place } from '../../support/command.js';
import { makePlace } from '../../support/command.js';
import { command, KEY_TEXT, namesIn } from '../../support/running.js';

const read = (...words: string[]) => okStatuses(parseCommandLine(['encrypt', ...words]));

describe('--ok-status', () => {
  it.each([
    ['1', [0, 1]],
    ['0,1', [0, 1]],
    ['2,255,2', [0, 2, 255]],
  ])('%s takes %j for success', (list, statuses) => {
    expect([...read('--ok-status', list, '--', 'tar')]).toEqual(statuses);
  });

  it('left out leaves 0 alone', () => {
    expect([...read('--', 'tar')]).toEqual([0]);
    expect([...read('a')]).toEqual([0]);
  });

  it.each(['256', '1,', ',1', '1,,2', '1-3', '0x1', '1 ,2', '-1', '1.0', 'all', '١'])(
    'does not take %j',
    (list) => {
      expect(() => read(`--ok-status=${list}`, '--', 'tar')).toThrow(/^invalid value .* for --ok-status/);
    },
  );

  it('is wrong use without a command, twice, or with another command', () => {
    expect(() => read('--ok-status', '1', 'a')).toThrow(/needs a command after --/);
    expect(() => read('--ok-status', '1', '--ok-status', '2', '--', 'a')).toThrow(/given twice/);
    expect(() => parseCommandLine(['decrypt', '--ok-status', '1', 'a'])).toThrow(/does not take --ok-status/);
  });
});

describe('a program that ends with another status than 0', () => {
  let place: Place;
  beforeEach(async (context) => {
    onlyWhere(context, process.platform !== 'win32', 'the programs are for POSIX');
    place = await makePlace();
    await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
  });
  const seal = (list: string, script: string, ...words: string[]) =>
    command(
      ['encrypt', '-k', 'file:k', '-o', 's', ...words, '--ok-status', list, '--', 'sh', '-c', script],
      place,
    );

  it('is sealed completely if its status is in the list, with a note', async () => {
    const { status, stderr } = await seal('1', 'echo all; exit 1');
    expect([status, stderr]).toEqual([0, 'sealpipe: sh exited with status 1, which --ok-status allows\n']);
    const opened = await command(['decrypt', '-k', 'file:k', 's'], place);
    expect([opened.status, opened.stdout.toString()]).toEqual([0, 'all\n']);
  });

  it('is sealed completely if its status is 0, whether 0 is in the list or not', async () => {
    expect(await seal('1', 'echo all')).toMatchObject({ status: 0, stderr: '' });
    expect(await seal('0,1', 'echo all', '-f')).toMatchObject({ status: 0, stderr: '' });
  });

  it.each(['exit 2', 'kill -9 $$', 'kill -TERM $$'])('fails by %s, whatever is in the list', async (end) => {
    const { status, stderr } = await seal('1,9,15,137,143', `echo part; ${end}`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/sh (exited with status 2|was killed by SIG)/);
    expect(await namesIn(place.folder)).toEqual(['k']);
  });
});
