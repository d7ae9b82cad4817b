import { describe, expect, it } from 'vitest';
import { awsOffences, cipherOffences, commandOffences, cycles, floorOffences } from './floors.js';
import { readSourceTree, type SourceTree } from './source-tree.js';

const own = readSourceTree();
const house = (files: Record<string, string>): SourceTree => new Map(Object.entries(files));

describe('the house', () => {
  it('has arrows that go down only, types included', () => expect(floorOffences(own)).toEqual([]));
  it('keeps AWS code in keys/kms, and out of what sealpipe and the command load at once', () =>
    expect(awsOffences(own)).toEqual([]));
  it('has a command that imports what users can, and a list of what it needs beside that', () =>
    expect(commandOffences(own)).toEqual([]));
  it('has frames that load no cipher', () => expect(cipherOffences(own)).toEqual([]));
  it('has no cycles, types included', () => expect(cycles(own)).toEqual([]));
});

describe('the floor guard', () => {
  const leaf = {
    'errors.ts': '',
    'format/limits.ts': '',
    'crypto/suite.ts': '',
    'keys/provider.ts': '',
    'keys/kms/provider.ts': '',
    'cli/main.ts': '',
  };

  it.each([
    ['errors.ts', "import { x } from 'node:fs';", 'floor 0 stands on nothing'],
    ['errors.ts', "import { l } from './format/limits.js';", 'floor 0 stands on nothing'],
    ['errors.ts', "import { gone } from './gone.js';", 'floor 0 stands on nothing'],
    ['format/a.ts', "import type { S } from '../crypto/suite.js';", 'arrows go down only'],
    ['frames/a.ts', "export type { K } from '../keys/provider.js';", 'arrows go down only'],
    ['keys/a.ts', "type M = import('../cli/main.js').M;", 'arrows go down only'],
    ['streams/a.ts', "await import('../cli/main.js');", 'arrows go down only'],
    ['local-kms/index.ts', "import { l } from '../format/limits.js';", 'sees floor 0 alone'],
    ['format/a.ts', "import { Readable } from 'node:stream';", 'knows no streams'],
    ['frames/a.ts', "import { pipeline } from 'node:stream/promises';", 'know no streams'],
    ['streams/a.ts', 'export const load = (name: string) => import(name);', 'use a literal'],
    ['streams/a.ts', "import { gone } from '../format/gone.js';", 'which is not there'],
    ['session/a.ts', "import type { Readable } from 'node:stream';", 'knows no streams'],
    ['session/a.ts', "import { open } from 'node:fs/promises';", 'knows no files'],
    ['extra/a.ts', '', 'src/extra stands on no floor'],
    ['cli/extra/a.ts', '', 'src/cli/extra stands on no floor'],
    ['cli/terminal/a.ts', "import type { M } from '../main.js';", '(floor 0 of cli) imports src/cli/main.ts'],
    ['keys/kms/names/a.ts', "import '../provider.js';", '(floor 0 of keys/kms)'],
  ])('refuses in %s: %s', (file, text, why) => {
    expect(floorOffences(house({ ...leaf, [file]: text }))).toEqual([expect.stringContaining(why)]);
  });

  it('lets arrows go down and stay at home', () => {
    const text =
      "import { l } from '../format/limits.js';\nimport type { K } from './provider.js';\nimport '../errors.js';";
    expect(floorOffences(house({ ...leaf, 'keys/a.ts': text }))).toEqual([]);
    const ground = { 'bytes.ts': "import './errors.js';\nimport { types } from 'node:util';" };
    expect(floorOffences(house({ ...leaf, ...ground }))).toEqual([]);
  });
});

describe('the guard of the command', () => {
  const text =
    "import { a } from '../files/a.js';\nimport '../index.js';\nimport type { E } from '../errors.js';";
  const tree = house({ 'cli/main.ts': text, 'files/a.ts': '', 'index.ts': '', 'errors.ts': '' });

  it('refuses what is no public entry, no floor 0 and on no list', () => {
    expect(commandOffences(tree, {})).toEqual([
      'src/cli/main.ts:1 imports src/files/a.ts, which is no public entry',
    ]);
    expect(commandOffences(tree, { 'files/a.ts': 'why' })).toEqual([]);
  });

  it('refuses a need that is over', () => {
    expect(commandOffences(tree, { 'files/a.ts': 'why', 'files/b.ts': 'why' })).toEqual([
      'the command no longer imports src/files/b.ts: take it off the list',
    ]);
  });
});

describe('the cipher guard', () => {
  const engine = {
    'crypto/engine.ts': "import { createCipheriv } from 'node:crypto';",
    'crypto/suites.ts': '',
  };

  it.each([
    [
      "import { createCipheriv } from 'node:crypto';",
      'src/frames/a.ts loads node:crypto through src/frames/a.ts',
    ],
    [
      "import { engine } from '../crypto/engine.js';",
      'src/frames/a.ts loads node:crypto through src/crypto/engine.ts',
    ],
  ])('refuses %s', (text, why) =>
    expect(cipherOffences(house({ ...engine, 'frames/a.ts': text }))).toEqual([why]),
  );

  it('takes types and facts', () => {
    const text =
      "import type { Aead } from '../crypto/engine.js';\nimport { TAG_SIZE } from '../crypto/suites.js';";
    expect(cipherOffences(house({ ...engine, 'frames/a.ts': text }))).toEqual([]);
  });
});

describe('the AWS guard', () => {
  it('refuses it elsewhere, also as a type', () => {
    const tree = house({ 'streams/a.ts': "import type { KMSClient } from '@aws-sdk/client-kms';" });
    expect(awsOffences(tree)).toEqual(['src/streams/a.ts:1 imports @aws-sdk/client-kms']);
  });

  it('refuses it in what the command loads at once, and takes it lazily', () => {
    const kms = { 'keys/kms/index.ts': "import { KMSClient } from '@aws-sdk/client-kms';" };
    expect(
      awsOffences(house({ ...kms, 'cli/main.ts': "import { kms } from '../keys/kms/index.js';" })),
    ).toEqual(['src/cli/main.ts loads @aws-sdk/client-kms through src/keys/kms/index.ts']);
    expect(awsOffences(house({ ...kms, 'cli/main.ts': "await import('../keys/kms/index.js');" }))).toEqual(
      [],
    );
  });
});

describe('the AWS guard of s3', () => {
  it('takes it lazily and as a type, and refuses it at once', () => {
    const late = "import type { S3Client } from '@aws-sdk/client-s3';\nawait import('@aws-sdk/client-s3');";
    expect(awsOffences(house({ 's3/store/a.ts': late }))).toEqual([]);
    const early = house({ 's3/store/a.ts': "import { S3Client } from '@aws-sdk/client-s3';" });
    expect(awsOffences(early)).toEqual(['src/s3/store/a.ts:1 imports @aws-sdk/client-s3']);
  });
});

describe('the cycle guard', () => {
  it('names a cycle through types and lazy imports', () => {
    const tree = house({
      'format/a.ts': "import type { B } from './b.js';",
      'format/b.ts': "import('./c.js');",
      'format/c.ts': "export * from './a.js';",
    });
    expect(cycles(tree)).toEqual(['format/a.ts -> format/b.ts -> format/c.ts -> format/a.ts']);
  });
});
