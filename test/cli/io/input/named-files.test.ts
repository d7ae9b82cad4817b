import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { namedFiles } from '../../../../src/cli/io/input/named-files.js';
import { onlyWhere } from '../../../support/prerequisite.js';
import { tempFolder } from '../../../support/temp-folder.js';

it('continues after a folder that cannot be read any more, and says why', async () => {
  const folder = await tempFolder();
  await mkdir(join(folder, 'm'));
  for (const name of ['a', 'm/b', 'z']) await writeFile(join(folder, name), '');
  const found: (readonly [string, string | undefined])[] = [];
  for await (const { name, error } of namedFiles(`${folder}/`)) {
    found.push([name.slice(folder.length), error?.message]);
    await rm(join(folder, 'm'), { recursive: true, force: true });
  }
  expect(found.map(([name]) => name)).toEqual(['/a', '/m', '/z']);
  expect(found[1]![1]).toContain('no such file or directory');
});

it('says of a name that is not UTF-8 that this is why it cannot be opened', async (context) => {
  onlyWhere(context, process.platform === 'linux', 'names are bytes only on Linux');
  const folder = await tempFolder();
  const raw = (name: string) => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]);
  await writeFile(raw('a'), '');
  await writeFile(raw('b\xff'), '');
  await mkdir(raw('c\xff'));
  await writeFile(join(folder, 'd\ufffd'), '');
  const found: (readonly [string, string | undefined, string | undefined])[] = [];
  for await (const { name, error } of namedFiles(`${folder}/`)) {
    found.push([name.slice(folder.length), error?.message.replace(folder, ''), error?.hint]);
  }
  const hint = 'Rename it. A file with such a name can also be read with <.';
  expect(found).toEqual([
    ['/a', undefined, undefined],
    ['/b\ufffd', 'cannot read /b\ufffd: its name is not valid UTF-8', hint],
    ['/c\ufffd', 'cannot read /c\ufffd: its name is not valid UTF-8', hint],
    ['/d\ufffd', undefined, undefined],
  ]);
});

it('does not take a file for another one whose name has U+FFFD in it', async (context) => {
  onlyWhere(context, process.platform === 'linux', 'names are bytes only on Linux');
  const folder = await tempFolder();
  const raw = (name: string) => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]);
  await writeFile(raw('a\xff'), '');
  await writeFile(join(folder, 'a\ufffd'), '');
  await mkdir(raw('b\xff'));
  await mkdir(join(folder, 'b\ufffd'));
  await writeFile(join(folder, 'b\ufffd', 'c'), '');
  const found: string[] = [];
  for await (const { name, error } of namedFiles(`${folder}/`)) {
    found.push(`${name.slice(folder.length)} ${error === undefined ? 'is read' : 'is not'}`);
  }
  expect(found.sort()).toEqual([
    '/a\ufffd is not',
    '/a\ufffd is read',
    '/b\ufffd is not',
    '/b\ufffd/c is read',
  ]);
});
