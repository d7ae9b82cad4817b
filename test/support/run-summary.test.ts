import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failureLines } from './failures.js';
import { repositoryRoot } from './repository.js';
import { runProcess } from './run-process.js';
import { tempFolder } from './temp-folder.js';

const FILES = {
  'a.test.js': `describe('outer', () => {
    it('fails', () => { expect({ a: 1 }).toEqual({ a: 2 }); });
    it('passes', () => {});
    describe('inner', () => { beforeAll(() => { throw new Error('the hook broke'); }); it('never runs', () => {}); });
  });`,
  'b.test.js': `import './nothing-here.js'; it('is never seen', () => {});`,
  'c.test.js': `it('leaks', async () => {
    Promise.reject(new Error('nobody caught this'));
    await new Promise((resolve) => setImmediate(resolve));
  });`,
};

describe('the last lines of a run', () => {
  it('name every failed test, hook and file, and errors outside tests, just before the counts', async () => {
    const folder = await tempFolder();
    for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
    const vitest = join(repositoryRoot, 'node_modules/vitest/vitest.mjs');
    const reporter = join(repositoryRoot, 'test/support/run-summary.ts');
    const args = ['run', '--root', folder, '--globals', '--no-file-parallelism', '--reporter', reporter];
    const { status, stdout } = await runProcess(process.execPath, [vitest, ...args], {
      env: { CI: undefined },
    });

    expect(status).toBe(1);
    expect(stdout).toContain('FAILED a.test.js > outer > fails\n');
    expect(stdout).toContain('AssertionError: expected { a: 1 } to deeply equal { a: 2 }\n');
    expect(stdout).toContain('FAILED a.test.js > outer > inner (a hook failed)\n');
    expect(stdout).toContain('Error: the hook broke\n');
    expect(stdout).toContain('FAILED b.test.js > (the file did not load, or a hook of it failed)\n');
    expect(stdout).toContain('./nothing-here.js');
    expect(stdout).toMatch(/FAILED .*c\.test\.js > \(an error outside all tests\)\n/);
    expect(stdout).toContain('Error: nobody caught this\n');
    expect(stdout).toMatch(/\ntests: 2 passed, 4 failed, 1 skipped\n$/);
    const inOrder = ['skipped 1: ', 'FAILED a', 'FAILED b', 'samples of long lists', 'tests: '];
    const places = inOrder.map((words) => stdout.indexOf(words));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('are bounded, in number and in length', () => {
    const failures = Array.from({ length: 5 }, (_, i) => ({
      name: `test ${i}`,
      file: 'x.test.ts',
      message: 'long\n'.repeat(9),
    }));
    expect(failureLines(failures, { failures: 2, characters: 7 })).toEqual([
      'FAILED x.test.ts > test 0',
      '    long',
      '    lo',
      '    …',
      'FAILED x.test.ts > test 1',
      '    long',
      '    lo',
      '    …',
      'and 3 more failed',
    ]);
  });

  it('are none if nothing failed', () => {
    expect(failureLines([])).toEqual([]);
  });
});
