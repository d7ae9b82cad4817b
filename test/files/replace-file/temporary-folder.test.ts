import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { holdFolder } from '../../../src/files/replace-file/held-folder.js';
import { temporaryFolder } from '../../../src/files/replace-file/temporary-folder.js';
import { namesIn } from '../../cli/support/running.js';
import { onlyWhere } from '../../support/prerequisite.js';
import { tempFolder } from '../../support/temp-folder.js';

beforeEach((context) => onlyWhere(context, process.platform === 'linux', 'folders are tried on Linux'));

async function lookAt(path: string): Promise<boolean> {
  const folder = await holdFolder(path);
  onTestFinished(() => folder.release());
  return (await temporaryFolder(folder)) === folder;
}

describe('a look at whether a folder lets files be removed', () => {
  it('leaves nothing, and takes away an empty file that a look has left', async () => {
    const path = await tempFolder();
    expect(await lookAt(path)).toBe(true);
    await writeFile(join(path, '.sealpipe.probe'), '');
    expect(await lookAt(path)).toBe(true);
    expect(await namesIn(path)).toEqual([]);
  });

  it('touches nothing else that has the name it needs', async () => {
    const [file, folder] = [await tempFolder(), await tempFolder()];
    await writeFile(join(file, '.sealpipe.probe'), 'kept');
    await mkdir(join(folder, '.sealpipe.probe'));
    for (const path of [file, folder]) {
      expect(await lookAt(path)).toBe(true);
      expect(await namesIn(path)).toEqual(['.sealpipe.probe']);
    }
    expect(await readFile(join(file, '.sealpipe.probe'), 'utf8')).toBe('kept');
  });
});
