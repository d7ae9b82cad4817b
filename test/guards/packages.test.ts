import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/repository.js';
import { installScripts, type Manifest, packageOffences } from './packages.js';
import { readSourceTree } from './source-tree.js';

const manifest: Manifest = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'));

describe('the sources', () => {
  it('import only what package.json declares', () =>
    expect(packageOffences(readSourceTree(), manifest)).toEqual([]));
  it('come without an install script', () => expect(installScripts(manifest)).toEqual([]));
});

describe('the package guard', () => {
  const declared = { dependencies: { msgpackr: '^2', '@noble/ciphers': '~2' } };
  const offences = (text: string) => packageOffences(new Map([['format/a.ts', text]]), declared);

  it.each([
    ["import ts from 'typescript';", 'does not declare'],
    ["import { readFile } from 'fs';", 'does not declare'],
    ["import type { C } from '@smithy/types';", 'does not declare'],
    ["import { Packr } from 'msgpackr';", 'only msgpackr/pack'],
  ])('refuses %s', (text, why) => expect(offences(text)).toEqual([expect.stringContaining(why)]));

  it('takes what is declared', () => {
    expect(
      offences("import { Packr } from 'msgpackr/pack';\nimport { gcm } from '@noble/ciphers/aes.js';"),
    ).toEqual([]);
  });

  it('finds install scripts, and no others', () => {
    const ran = { preinstall: '', install: '', postinstall: '', prepare: '', prepublish: '' };
    const others = { dependencies: '', prepack: '', prepublishOnly: '', preview: '', test: '' };
    expect(installScripts({ scripts: { ...ran, ...others } })).toEqual(Object.keys(ran));
  });
});
