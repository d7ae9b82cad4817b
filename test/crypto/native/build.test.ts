import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { sampled } from '../../support/sample.js';
import { makeTempFolder, tempFolder } from '../../support/temp-folder.js';
import { BuildTree, buildTree, copyOf, needsCompiler } from './build-tree.js';

const FINE = { status: 0, stdout: '', stderr: '' };

let tree: BuildTree;
let first: Promise<BuildTree> | undefined;

beforeEach(async (context) => {
  needsCompiler(context);
  tree = await buildTree();
});

afterAll(async () => {
  if (first !== undefined) await rm((await first).root, { recursive: true, force: true });
});

/** A tree in which the addon is built. The compiler takes most of a second, so it works once, and the rest are copies. */
async function builtTree(): Promise<BuildTree> {
  first ??= buildFirst();
  return copyOf(await first);
}

async function buildFirst(): Promise<BuildTree> {
  const made = new BuildTree(await makeTempFolder());
  expect(await made.build()).toMatchObject(FINE);
  return made;
}

describe('the build of the addon', () => {
  it('makes one binary, beside the source and in dist, and the compiler has nothing to say', async () => {
    expect(await tree.build()).toMatchObject(FINE);
    expect(tree.binaries()).toHaveLength(2);
    expect(readFileSync(tree.shipped).equals(readFileSync(tree.built))).toBe(true);
  });

  it.each(['addon.c', 'frame-cipher.h'])(
    'is done again once %s has changed, and not before',
    async (file) => {
      tree = await builtTree();
      const { ino } = statSync(tree.built);
      expect(await tree.build({ CC: 'false' })).toMatchObject(FINE);
      expect(statSync(tree.built).ino).toBe(ino);
      appendFileSync(join(tree.sources, file), '/* changed */\n');
      expect(await tree.build()).toMatchObject(FINE);
      expect(statSync(tree.built).ino).not.toBe(ino);
    },
  );

  const records = ['with the record of the one before', 'without a record', 'with half a record'];
  it.each(sampled(records, 2, 'records of another addon'))(
    'takes no other file for the addon, however new it is (%s)',
    async (which) => {
      tree = await builtTree();
      const built = readFileSync(tree.built);
      writeFileSync(tree.built, 'another program');
      if (which === 'without a record') rmSync(`${tree.built}.json`);
      if (which === 'with half a record') writeFileSync(`${tree.built}.json`, '{ "file": ');
      expect(await tree.build()).toMatchObject(FINE);
      expect(readFileSync(tree.built).equals(built)).toBe(true);
      expect(readFileSync(tree.shipped).equals(built)).toBe(true);
    },
  );

  it('makes the same bytes in another folder, of another user, in another language', async () => {
    const other = new BuildTree(join(await tempFolder(), 'a folder with a much longer name'));
    const elsewhere = { TMPDIR: await tempFolder(), HOME: '/nowhere', LANG: 'de_DE.UTF-8', TZ: 'Asia/Tokyo' };
    tree = await builtTree();
    expect(await other.build(elsewhere)).toMatchObject(FINE);
    expect(readFileSync(other.built).equals(readFileSync(tree.built))).toBe(true);
    expect(readFileSync(`${other.shipped}.json`, 'utf8')).toBe(readFileSync(`${tree.shipped}.json`, 'utf8'));
  });

  it('records the digest of the binary, and what compiled it', async () => {
    tree = await builtTree();
    const sha256 = createHash('sha256').update(readFileSync(tree.shipped)).digest('hex');
    const record = JSON.parse(readFileSync(`${tree.shipped}.json`, 'utf8'));
    expect(record).toMatchObject({ file: basename(tree.shipped), sha256 });
    expect([record.compiler, record.linker]).toEqual([
      expect.stringMatching(/\d+\.\d+/),
      expect.stringMatching(/\d+\.\d+/),
    ]);
  });

  it('fails where a package needs the addon and it cannot be built', async () => {
    expect(await tree.build({ CC: 'false' }, '--required')).toMatchObject({ status: 1 });
    expect(await tree.build({}, '--required')).toMatchObject(FINE);
  });

  it('puts a new file into dist, so that a process which loaded the old one keeps it', async () => {
    tree = await builtTree();
    const { ino } = statSync(tree.shipped);
    await tree.build();
    expect(statSync(tree.shipped).ino).not.toBe(ino);
  });

  it('can be done by several at once', async () => {
    const all = await Promise.all(Array.from({ length: 3 }, () => tree.build()));
    for (const one of all) expect(one).toMatchObject(FINE);
    expect(tree.binaries()).toHaveLength(2);
    tree.addPackage();
    await tree.build();
    expect((await tree.outcome()).served).toEqual(['native', 'native', 'native']);
  });

  const compilers: readonly [CC: string, why: string | undefined][] = [
    ['', undefined],
    ['  ', undefined],
    ['cc -g0', undefined],
    ['no-such-compiler', 'no-such-compiler does not run'],
    ['false', 'false failed'],
    ['cc -include no-such-header.h', 'cc failed'],
  ];
  it.each(sampled(compilers, 3, 'values of CC'))(
    'with CC=%j never fails the install, and says why there is no addon',
    async (CC, why) => {
      const { status, stdout } = await tree.build({ CC });
      expect(status).toBe(0);
      expect(existsSync(tree.shipped)).toBe(why === undefined);
      expect(stdout.includes(`the native engine was not built: ${why}`)).toBe(why !== undefined);
      expect(tree.binaries()).toHaveLength(why === undefined ? 2 : 0);
    },
  );

  it('takes back the addon of another source where the new one cannot be built', async () => {
    tree = await builtTree();
    writeFileSync(join(tree.sources, 'addon.c'), 'this is no C');
    expect((await tree.build()).stdout).toContain('cc failed');
    expect([tree.shipped, `${tree.shipped}.json`].filter((path) => existsSync(path))).toEqual([]);
  });

  it('says so where the headers of Node-API are not installed, or dist cannot be written', async () => {
    rmSync(join(tree.root, 'node_modules'));
    expect(await tree.build()).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('node-api-headers'),
    });
    const other = await buildTree();
    writeFileSync(join(other.root, 'dist'), 'a file');
    expect(await other.build()).toMatchObject({ status: 0, stdout: expect.stringContaining('not built') });
  });
});
