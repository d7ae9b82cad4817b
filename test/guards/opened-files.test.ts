import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/repository.js';
import { tempFolder } from '../support/temp-folder.js';
import { openedFiles } from './opened-files.js';
import { packageEntries } from './package-entries.js';

/** The most files that each entry may open; each takes about half a millisecond, and more on a slow disk. */
const MOST: Readonly<Record<string, number>> = {
  sealpipe: 4,
  'sealpipe/keys': 4,
  'sealpipe/kms': 4,
  'sealpipe/local-kms': 3,
};
/** For entries that have no number of their own. */
const MOST_OF_OTHERS = 8;

const COMMAND = join(repositoryRoot, 'dist/sealpipe.js');
const INSTALLED = /\/node_modules\/(@[^/]+\/[^/]+|[^/]+)\//;

/** The packages that files belong to, besides this one. */
function packagesOf(files: readonly string[]): string[] {
  return [...new Set(files.flatMap((file) => INSTALLED.exec(file)?.[1] ?? []))].sort();
}

describe('the files that are opened', () => {
  it.each(packageEntries())(
    'for $specifier are few, and none is of another package',
    async ({ specifier }) => {
      const words = ['--input-type=module', '-e', `import '${specifier}';`];
      const files = await openedFiles(await tempFolder(), words, { cwd: repositoryRoot });
      expect(packagesOf(files)).toEqual([]);
      expect(files.length, files.join('\n')).toBeLessThanOrEqual(MOST[specifier] ?? MOST_OF_OTHERS);
    },
  );

  it('for the command with a file key are few, and opening needs nothing of another package', async () => {
    const cwd = await tempFolder();
    const env = { SEALPIPE_HOME: join(cwd, 'home') };
    await writeFile(join(cwd, 'k'), '0f'.repeat(32), { mode: 0o600 });
    await writeFile(join(cwd, 'a'), 'hello');
    const key = ['-k', 'file:k'];
    const sealing = await openedFiles(cwd, [COMMAND, 'encrypt', ...key, 'a', '-o', 's'], { cwd, env });
    expect(packagesOf(sealing)).toEqual(['msgpackr']);
    expect(sealing.length, sealing.join('\n')).toBeLessThanOrEqual(14);
    const opening = await openedFiles(cwd, [COMMAND, 'decrypt', ...key, 's', '-o', 'b'], { cwd, env });
    expect(packagesOf(opening)).toEqual([]);
    expect(opening.length, opening.join('\n')).toBeLessThanOrEqual(8);
  });

  it('for the command with the embedded KMS are few, and none is of the SDK', async () => {
    const cwd = await tempFolder();
    const env = { SEALPIPE_HOME: join(cwd, 'home') };
    await writeFile(join(cwd, 'a'), 'hello');
    await openedFiles(cwd, [COMMAND, 'kms', 'create-key', '--alias', 'alias/default'], { cwd, env });
    const sealing = await openedFiles(cwd, [COMMAND, 'encrypt', 'a', '-o', 's'], { cwd, env });
    expect(packagesOf(sealing)).toEqual(['msgpackr']);
    expect(sealing.length, sealing.join('\n')).toBeLessThanOrEqual(17);
    const opening = await openedFiles(cwd, [COMMAND, 'decrypt', 's', '-o', 'b'], { cwd, env });
    expect(packagesOf(opening)).toEqual([]);
    expect(opening.length, opening.join('\n')).toBeLessThanOrEqual(12);
  });

  it('for help are few', async () => {
    const cwd = await tempFolder();
    const files = await openedFiles(cwd, [COMMAND, '--help'], { cwd });
    expect(packagesOf(files)).toEqual([]);
    expect(files.length, files.join('\n')).toBeLessThanOrEqual(7);
  });

  it('are counted: a module, what it imports, and what is required', async () => {
    const cwd = await tempFolder();
    await writeFile(join(cwd, 'a.mjs'), "import './b.mjs'; await import('./c.cjs');");
    await writeFile(join(cwd, 'b.mjs'), '');
    await writeFile(join(cwd, 'c.cjs'), "require('./d.json'); require('./e.cjs');");
    await writeFile(join(cwd, 'd.json'), '{}');
    await writeFile(join(cwd, 'e.cjs'), '');
    const files = await openedFiles(await tempFolder(), ['a.mjs'], { cwd });
    expect(files.map((file) => file.slice(-5))).toEqual(['a.mjs', 'b.mjs', 'c.cjs', '.json', 'e.cjs']);
  });
});
