import { describe, expect, it } from 'vitest';
import { nameOffences } from './export-names.js';
import { readSourceTree } from './source-tree.js';

const offencesOf = (files: Record<string, string>) => nameOffences(new Map(Object.entries(files)));

describe('the exported names', () => {
  it('mean one thing each', () => expect(nameOffences(readSourceTree())).toEqual([]));
});

describe('the guard of exported names', () => {
  it.each([
    'export function a() {}',
    'export async function* a() {}',
    'export class a {}',
    'export interface a {}',
    'export type a = 1;',
    'export enum a { b }',
    'export namespace a { export type b = 1; }',
    'export const b = 1, a = 2;',
    'export const { b: a } = {};',
    'export const [, a] = [];',
    'const b = 1; export { b as a };',
    "export { b as a } from '../other.js';",
    "export * as a from '../other.js';",
    "export { a } from 'node:fs';",
  ])('refuses a name that two files give to different things: %s', (text) => {
    expect(offencesOf({ 'frames/x.ts': 'export const a = 1;', 'keys/y.ts': text })).toEqual([
      'a has several meanings: src/frames/x.ts:1, src/keys/y.ts:1',
    ]);
  });

  it.each([
    "export { a } from '../frames/x.js';",
    "export type { a } from './z.js';",
    "import { a } from '../frames/x.js';\nexport { a };",
    "import { a as b } from '../frames/x.js';\nexport { b as a };",
    "export * from '../frames/x.js';",
    'const a = 2;',
    'export function b() { const a = 1; return a; }',
  ])('lets a file pass on what another declares: %s', (text) => {
    const files = {
      'frames/x.ts': 'export const a = 1;',
      'keys/z.ts': "export { a } from '../frames/x.js';",
    };
    expect(offencesOf({ ...files, 'keys/y.ts': text })).toEqual([]);
  });

  it('takes overloads, and a type and a value of one name in one file', () => {
    expect(offencesOf({ 'a.ts': 'export type T = 1;\nexport const T = 1;' })).toEqual([]);
    expect(
      offencesOf({
        'a.ts': 'export function f(a: 1): 1;\nexport function f(a: 2): 2;\nexport function f() {}',
      }),
    ).toEqual([]);
  });

  it('takes a module that stands in for another', () => {
    const files = {
      'crypto/noble/on-demand.ts': 'export const a = 1;',
      'crypto/noble/static.ts': 'export const a = 1;',
    };
    expect(offencesOf(files)).toEqual([]);
    expect(offencesOf({ ...files, 'crypto/x.ts': 'export const a = 1;' })).toHaveLength(1);
  });

  it('lets the embedded KMS repeat names of the others, but not its own', () => {
    const outside = { 'bytes.ts': 'export const a = 1;', 'local-kms/x.ts': 'export const a = 1;' };
    expect(offencesOf(outside)).toEqual([]);
    expect(offencesOf({ ...outside, 'local-kms/keys/y.ts': 'export const a = 2;' })).toEqual([
      'a has several meanings: src/local-kms/x.ts:1, src/local-kms/keys/y.ts:1',
    ]);
  });
});
