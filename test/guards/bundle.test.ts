import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/repository.js';
import { runProcess } from '../support/run-process.js';
import { builtFiles } from './built-files.js';
import { packageEntries } from './package-entries.js';

const modules = builtFiles()
  .filter((path) => path.endsWith('.js'))
  .map((path) => ({ path, text: readFileSync(join(repositoryRoot, path), 'utf8') }));

describe('the bundled package', () => {
  it('defines each class once, under its own name', () => {
    const classes = modules.flatMap(({ text }) =>
      [
        ...text.matchAll(/^(?:(?:export )?class|(?:var|let|const)) ([\w$]+)(?= = class\b| extends| \{)/gm),
      ].map(([, name = '']) => name),
    );
    expect(classes).toContain('SealpipeError');
    expect(classes.filter((name) => name.includes('$'))).toEqual([]);
    expect(classes.filter((name, at) => classes.indexOf(name) !== at)).toEqual([]);
  });

  it('asks Node for its parts, whose properties an import statement would all read', () => {
    const imports = modules.filter(({ text }) => /^import .*["']node:/m.test(text));
    expect(imports.map(({ path }) => path)).toEqual([]);
    expect(modules.some(({ text }) => text.includes('process.getBuiltinModule("node:crypto")'))).toBe(true);
  });

  it('is flat: every module lies in dist, beside the addon', () => {
    expect(modules.filter(({ path }) => !/^dist\/[a-z0-9-]+\.js$/.test(path))).toEqual([]);
  });

  it('has the same exports and classes by import and by require, whatever entry comes first', async () => {
    const specifiers = packageEntries().map(({ specifier }) => specifier);
    const script = `
      import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      for (const specifier of ${JSON.stringify(specifiers.reverse())}) {
        const [required, imported] = [require(specifier), await import(specifier)];
        const differ = Object.keys(imported).filter((name) => imported[name] !== required[name]);
        if (differ.length > 0) throw new Error(specifier + ': ' + differ);
      }
      const { SealpipeError, isSealpipeError } = await import('sealpipe');
      const { keyFrom } = await import('sealpipe/keys');
      const error = await keyFrom('file:no-such-key').catch((error) => error);
      console.log(error instanceof SealpipeError, isSealpipeError(error), error.constructor.name);`;
    expect(await run(['--input-type=module', '-e', script])).toBe('true true SealpipeError\n');
  });

  it.each([
    ['the modules of the package', [], /at (?:async )?readHeader .*dist\/core\.js:\d+/],
    ['its sources, with source maps', ['--enable-source-maps'], /src\/streams\/read-header\.ts:\d+/],
  ])('has stack traces that name %s', async (_what, flags, named) => {
    const script = `
      import { readHeader } from 'sealpipe';
      const error = await readHeader(Buffer.from('no stream')).catch((error) => error);
      console.log(error.stack);`;
    expect(await run([...flags, '--input-type=module', '-e', script])).toMatch(named);
  });
});

async function run(words: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await runProcess(process.execPath, words, { cwd: repositoryRoot });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}
