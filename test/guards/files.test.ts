import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFiles, repositoryRoot } from '../support/repository.js';
import { fromShared } from '../support/shared-folder.js';
import { fileOffences, lockedAddresses, MOST_LINES } from './files.js';

const BINARY = /\.(bin|sealed|gz|zst|png|node|zip)$/;
const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');

describe('the files of the project', () => {
  it('hold nothing that does not belong there, and are not long', () => {
    const texts = projectFiles().filter((path) => !BINARY.test(path));
    expect(texts.length).toBeGreaterThan(20);
    expect(fileOffences(texts.map((path) => ({ path, text: read(path) })))).toEqual([]);
  });

  it('lock packages without their addresses', () =>
    expect(lockedAddresses(read('package-lock.json'))).toEqual([]));

  it('carry the format as it was agreed', (context) => {
    const lines = readFileSync(fromShared(context, 'FORMAT.md'), 'utf8').split('\n');
    const ours = read('src/format/FORMAT.md').split('\n');
    const differs = Array.from({ length: Math.max(ours.length, lines.length) }, (_, at) => at + 1).filter(
      (line) => ours[line - 1] !== lines[line - 1],
    );
    expect(differs.slice(0, 1), 'the first line that differs').toEqual([]);
  });
});

describe('the file guard', () => {
  const offences = (path: string, text: string) => fileOffences([{ path, text }]);

  it.each([
    ['README.md', ['cd /ho', 'me/me/sealpipe'], 'a path of one machine'],
    ['.npmrc', ['registry=https://registry.', 'npmjs.org/'], 'the host of a registry'],
    ['src/a.ts', ['// TO', 'DO: later'], 'work left open'],
    ['test/a.test.ts', ['it.on', "ly('x', f);"], 'a test that does not run'],
    ['test/a.test.ts', ['describe.concurrent.sk', "ip('x', f);"], 'a test that does not run'],
    ['test/a.test.ts', ['it.sk', "ipIf(!tool)('x', f);"], 'a test that does not run'],
  ])('refuses in %s: %j', (path, pieces, why) => {
    expect(offences(path, pieces.join(''))).toEqual([expect.stringContaining(why)]);
  });

  it('refuses a long file, by one line', () => {
    expect(offences('src/a.ts', 'x;\n'.repeat(MOST_LINES))).toEqual([]);
    expect(offences('src/a.ts', 'x;\n'.repeat(MOST_LINES + 1))).toEqual([
      `src/a.ts has ${MOST_LINES + 1} lines`,
    ]);
  });

  it('takes a skip that gives its reason', () => {
    expect(offences('test/a.test.ts', "context.skip('no network');")).toEqual([]);
  });

  it('finds an address in a lock file', () => {
    const lock = {
      packages: { '': {}, 'node_modules/a': { resolved: 'https://a.example/a.tgz' }, 'node_modules/b': {} },
    };
    expect(lockedAddresses(JSON.stringify(lock))).toEqual(['node_modules/a']);
  });
});
