import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { onlyWhere } from '../../../support/prerequisite.js';
import { runProcess } from '../../../support/run-process.js';
import type { Place } from '../../support/command.js';
import { makePlace } from '../../support/command.js';
import { KEY_TEXT } from '../../support/running.js';

beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'the shell is that of POSIX'));

async function placeWithKeys(): Promise<Place> {
  const place = await makePlace();
  await writeFile(join(place.folder, 'k'), KEY_TEXT, { mode: 0o600 });
  await writeFile(join(place.folder, 'a'), 'hello\n');
  expect(await bash('sealpipe kms create-key --alias default', place)).toMatchObject({ status: 0 });
  return place;
}

function bash(line: string, { folder, env }: Place) {
  return runProcess('bash', ['-o', 'pipefail', '-c', line], { cwd: folder, env });
}

describe('a standard error that leads to the same place as the data', () => {
  it.each([
    'sealpipe encrypt a > out 2>&1; sealpipe decrypt -q out',
    'sealpipe encrypt -v -k file:k a 2>&1 | sealpipe decrypt -k file:k',
    'sealpipe encrypt -v a > out 2> out; sealpipe decrypt -q out',
    'sealpipe encrypt -v a 5> out 2>&5 -o /dev/fd/5; sealpipe decrypt -q out',
    'sealpipe encrypt -q a -o s; sealpipe decrypt s > out 2>&1; cat out',
  ])('gets nothing that would be taken for data: %s', async (line) => {
    const { status, stdout } = await bash(line, await placeWithKeys());
    expect([status, stdout]).toEqual([0, 'hello\n']);
  });

  it('hears of a failure all the same', async () => {
    const place = await placeWithKeys();
    const { status, stdout } = await bash('sealpipe encrypt -k file:none a 2>&1 | cat', place);
    expect([status, stdout]).toEqual([5, expect.stringContaining('cannot read the key file none')]);
  });

  it('is no place for a program to complain', async () => {
    const place = await placeWithKeys();
    const line =
      'sealpipe encrypt -k file:k -- sh -c "echo ran > ran; echo out; echo complaint >&2" > out 2>&1';
    expect(await bash(line, place)).toMatchObject({ status: 2 });
    expect(await readFile(join(place.folder, 'out'), 'utf8')).toMatch(/^sealpipe: error: what sh writes/);
    await expect(readFile(join(place.folder, 'ran'))).rejects.toThrow('ENOENT');
  });
});
