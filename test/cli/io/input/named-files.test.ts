import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { namedFiles } from '../../../../src/cli/io/input/named-files.js';
import { tempFolder } from '../../../support/temp-folder.js';

it('goes on behind a folder that cannot be read any more, and says why', async () => {
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
