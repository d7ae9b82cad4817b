import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { onlyWhere } from '../../support/prerequisite.js';
import { runProcess } from '../../support/run-process.js';
import { sampled } from '../../support/sample.js';
import type { Place } from '../support/command.js';
import { makePlace } from '../support/command.js';
import { command, KEY_TEXT, namesIn } from '../support/running.js';

beforeEach((context) => onlyWhere(context, process.platform === 'linux', 'the names are those of Linux'));

async function placeWithKey(): Promise<Place> {
  const place = await makePlace();
  await writeFile(join(place.folder, 'hex'), KEY_TEXT, { mode: 0o600 });
  await writeFile(join(place.folder, 'plain'), 'hello');
  await symlink('/dev/stdin', join(place.folder, 'in'));
  expect(await command(['encrypt', '-k', 'file:hex', 'plain', '-o', 's'], place)).toMatchObject({
    status: 0,
  });
  return place;
}

function bash(line: string, { folder, env }: Place) {
  return runProcess('bash', ['-c', line], { cwd: folder, env });
}

describe('standard input that gives a key', () => {
  const lines = [
    'cat hex | sealpipe encrypt -k file:/dev/stdin -o a',
    'cat hex | sealpipe encrypt -k file:/dev/fd/0 - -o a',
    'cat hex | sealpipe encrypt -k file:/proc/self/fd/0 /dev/stdin -o a',
    'cat hex | sealpipe encrypt -k file:in /dev/fd/0 -o a',
    'cat hex | (exec sealpipe encrypt -k file:/proc/$BASHPID/fd/0 -o a)',
    'sealpipe encrypt -k file:/dev/stdin -o a < hex',
    'sealpipe encrypt -k file:hex -o a < hex',
    'sealpipe decrypt -k file:/dev/stdin -o a < hex',
    'sealpipe encrypt -k file:/dev/fd/6 -o a < <(cat hex) 6<&0',
    'cat hex | sealpipe encrypt -k file:/dev/stdin -k file:in plain -o a',
    'cat hex | sealpipe encrypt -k file:/dev/stdin -k file:/dev/fd/0 -o a -- echo x',
  ];
  it.each(sampled(lines, 5, 'standard input that is used twice'))('gives nothing else: %s', async (line) => {
    const place = await placeWithKey();
    const { status, stderr } = await bash(line, place);
    expect([status, stderr]).toEqual([2, expect.stringContaining('standard input is used twice')]);
    expect(await namesIn(place.folder)).toEqual(['hex', 'in', 'plain', 's']);
  });

  it('gives it if the data comes from elsewhere', async () => {
    const place = await placeWithKey();
    for (const line of [
      'cat hex | sealpipe encrypt -k file:/dev/stdin -- printf hello | sealpipe decrypt -k file:hex',
      'cat hex | sealpipe encrypt -k file:in plain | sealpipe decrypt -k file:hex',
      'cat hex | sealpipe decrypt -k file:/dev/stdin s',
      'sealpipe decrypt -k file:<(cat hex) < s',
    ]) {
      expect([line, await bash(line, place)]).toEqual([
        line,
        expect.objectContaining({ status: 0, stdout: 'hello' }),
      ]);
    }
  });
});

describe('another file or pipe', () => {
  it.each([
    ['hex', 'sealpipe encrypt -k file:hex hex -o a'],
    ['/dev/fd/5', 'sealpipe encrypt -k file:/dev/fd/5 /dev/fd/5 -o a 5< <(cat hex)'],
    [
      'fifo',
      'mkfifo -m 600 fifo; sealpipe encrypt -k file:fifo -k file:fifo plain -o a; st=$?; rm fifo; exit $st',
    ],
  ])('%s is not used as two things either', async (name, line) => {
    const place = await placeWithKey();
    const { status, stderr } = await bash(line, place);
    expect([status, stderr]).toEqual([2, expect.stringContaining(`${name} is used twice`)]);
    expect(await namesIn(place.folder)).toEqual(['hex', 'in', 'plain', 's']);
  });
});
