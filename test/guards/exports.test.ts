import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/repository.js';
import { runProcess } from '../support/run-process.js';
import { API_REPORT, apiReport } from './api-report.js';
import {
  declarationsProgram,
  exportedSymbols,
  exportsOffences,
  packageEntries,
  publicNames,
} from './package-entries.js';

const entries = packageEntries();
const program = declarationsProgram();
const namesOf = (types: string) => publicNames(exportedSymbols(program, join(repositoryRoot, types)));

describe('the exports of package.json', () => {
  it('are {types, default} each', () => {
    const { exports } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'));
    expect(exportsOffences(exports)).toEqual([]);
  });

  it('are as the checked-in report says (npm run api writes it anew)', () => {
    if (process.env['SEALPIPE_WRITE_API'] !== undefined) writeFileSync(API_REPORT, apiReport());
    expect(apiReport()).toBe(readFileSync(API_REPORT, 'utf8'));
  });

  it.each(entries)('$specifier has at run time what its types say', async ({ types, default: file }) => {
    const loaded = await import(pathToFileURL(join(repositoryRoot, file)).href);
    expect(Object.keys(loaded).sort()).toEqual(namesOf(types).values);
  });

  it.each(entries)('$specifier can be required from CommonJS', async ({ specifier, types }) => {
    // Node marks a module that has a default export.
    const script = `
      const names = Object.keys(require('${specifier}')).filter((name) => name !== '__esModule');
      process.stdout.write(JSON.stringify(names.sort()));`;
    const { status, stdout, stderr } = await runProcess(process.execPath, ['-e', script], {
      cwd: repositoryRoot,
    });
    expect({ status, names: stdout, stderr: status === 0 ? '' : stderr }).toEqual({
      status: 0,
      names: JSON.stringify(namesOf(types).values),
      stderr: '',
    });
  });
});

describe('the exports guard', () => {
  it.each([
    [{ '.': { import: './dist/index.js' } }, '. is {import}, not {types,default}'],
    [{ '.': { default: './a.js', types: './a.d.ts' } }, '. is {default,types}, not {types,default}'],
    [{ './a': './dist/a.js' }, './a is {string}, not {types,default}'],
    [{ './*': { types: './dist/*.d.ts', default: './dist/*.js' } }, './* opens what is internal'],
    [{ './internal': { types: './a.d.ts', default: './a.js' } }, './internal opens what is internal'],
  ])('refuses %j', (exports, why) => expect(exportsOffences(exports)).toEqual([why]));

  it('is not fooled by how a name is exported', () => {
    const resolve = createRequire(join(repositoryRoot, 'package.json')).resolve;
    expect(resolve('sealpipe')).toBe(join(repositoryRoot, entries[0]?.default ?? ''));
    expect(() => resolve('sealpipe/dist/index.js')).toThrow(
      expect.objectContaining({ code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' }),
    );
  });
});
