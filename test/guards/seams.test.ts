import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/repository.js';
import { builtFiles } from './built-files.js';
import { declarationsProgram, exportedSymbols, packageEntries } from './package-entries.js';
import { sampleExports } from './sample-program.js';
import { mostParameters, seamOffences } from './seams.js';

const entries = packageEntries();
const program = declarationsProgram();
const checker = program.getTypeChecker();
const require = createRequire(join(repositoryRoot, 'package.json'));

async function loadBuilt(): Promise<typeof import('sealpipe')> {
  return import(pathToFileURL(join(repositoryRoot, entries[0]?.default ?? '')).href);
}

describe('what the tests alone may fix', () => {
  it.each(entries)('is not among the exports of $specifier', ({ types }) => {
    expect(seamOffences(exportedSymbols(program, join(repositoryRoot, types)), checker)).toEqual([]);
  });

  it('cannot be reached by a path into the package', () => {
    const open = new Set(entries.map((entry) => entry.default.replace(/^\.\//, '')));
    const inner = builtFiles().filter((path) => path.endsWith('.js') && !open.has(path));
    expect(inner.length).toBeGreaterThan(10);
    for (const path of inner) {
      for (const specifier of [`sealpipe/${path}`, `sealpipe/${path.slice('dist/'.length, -'.js'.length)}`]) {
        if (entries.some((entry) => entry.specifier === specifier)) continue;
        expect(() => require.resolve(specifier), specifier).toThrow(/not defined by "exports"/);
      }
    }
  });

  it('is no further parameter of what seals', () => {
    const symbols = exportedSymbols(program, join(repositoryRoot, entries[0]?.types ?? ''));
    const sealing = [...symbols].filter(([name]) => /^(createEncryptStream|encrypt)$/.test(name));
    expect(sealing.map(([name, symbol]) => [name, mostParameters(symbol, checker)]).sort()).toEqual([
      ['createEncryptStream', 1],
      ['encrypt', 2],
    ]);
  });

  it('cannot be smuggled in with the options', async () => {
    const { encrypt, rawKey } = await loadBuilt();
    const zeros = new Uint8Array(32);
    const options = { keys: rawKey({ name: 'k', key: zeros }), encryptionContext: {} };
    const fixed = {
      salt: zeros,
      nonce: zeros,
      dataKey: zeros,
      created: 0,
      random: () => zeros,
      now: () => 0,
    };
    for (const [name, value] of Object.entries(fixed)) {
      await expect(encrypt('same', { ...options, [name]: value })).rejects.toMatchObject({
        code: 'ERR_SEALPIPE_OPTIONS',
        message: expect.stringContaining(`"${name}"`),
      });
    }
    // Hidden from a look at the names: then it is not read either.
    const hidden = Object.fromEntries(
      Object.entries(fixed).map(([name, value]) => [name, { value, enumerable: false }]),
    );
    const smuggled = Object.defineProperties({ ...options }, hidden);
    const [one, other] = await Promise.all([encrypt('same', smuggled), encrypt('same', smuggled)]);
    expect(one.subarray(20, 52)).not.toEqual(other.subarray(20, 52));
    expect(one.subarray(20, 52)).not.toEqual(Buffer.alloc(32));
  });
});

describe('the seam guard', () => {
  const offences = (text: string) => {
    const { symbols, checker } = sampleExports(text);
    return seamOffences(symbols, checker);
  };

  it.each([
    ['export function sealForVectors() {}', 'sealForVectors is exported'],
    ['export interface EncryptOptions { keys: number; salt?: string }', 'EncryptOptions.salt'],
    ['interface Base { now(): number } export type EncryptOptions = Base & { a: 1 };', 'EncryptOptions.now'],
  ])('refuses %s', (text, why) => expect(offences(text)).toEqual([why]));

  it('takes the rest', () =>
    expect(offences('export interface Header { salt: string } export const encrypt = 1;')).toEqual([]));
});
