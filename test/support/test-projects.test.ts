import { describe, expect, it } from 'vitest';
import { projectOf, testsByProject } from './test-projects.js';

/** The project of test/a.test.ts among these files. */
const projectAmong = (files: Readonly<Record<string, string>>) =>
  projectOf('test/a.test.ts', (path) => files[path]);

describe('the project of a test', () => {
  it('is the one of its folder', () => {
    const read = () => "import { spawn } from 'node:child_process';";
    expect(projectOf('test/guards/a.test.ts', read)).toBe('guards');
    expect(projectOf('test/package/a.test.ts', read)).toBe('package');
  });

  it.each([
    ["import { spawn } from 'node:child_process';"],
    ["import { spawn }\n  from 'child_process';"],
    [
      "import type { A } from './b.js';\nimport {\n  type ChildProcess,\n  spawn,\n} from 'node:child_process';",
    ],
    ["export * from 'node:child_process';"],
    ["const { fork } = await import('node:child_process');"],
  ])('is process for %j', (text) => {
    expect(projectAmong({ 'test/a.test.ts': text })).toBe('process');
  });

  it.each([
    ["import { Worker } from 'node:worker_threads';"],
    ["import { spawn } from 'node:child_process';\nimport cluster from 'cluster';"],
    ["vi.mock('../src/a.js');"],
    ["import { spawn } from 'node:child_process';\nprocess.chdir('/');"],
    ['expect(peakMemory()).toBe(1);'],
  ])('is isolated for %j', (text) => {
    expect(projectAmong({ 'test/a.test.ts': text })).toBe('isolated');
  });

  it.each([
    ['test/b.ts', './b.js'],
    ['test/b.js', './b.js'],
    ['bench/b.mjs', '../bench/b.mjs'],
    ['src/b.ts', '../src/b.js'],
  ])('is process if it imports %s, which does, through another file', (path, specifier) => {
    const files = {
      'test/a.test.ts': "import { c } from './c/c.js';",
      'test/c/c.ts': `import { b } from '${specifier.replace(/^\.\.?\//, specifier.startsWith('..') ? '../../' : '../')}';`,
    };
    const spawning = { ...files, [path]: "import { spawn } from 'node:child_process';" };
    expect([projectAmong(spawning), projectAmong({ ...files, [path]: '' })]).toEqual(['process', 'unit']);
  });

  it.each([
    ["import type { ChildProcess } from 'node:child_process';"],
    ["// import { spawn } from 'node:child_process';"],
    ["import { a } from './a.test.js';"],
    [''],
  ])('is unit for %j', (text) => {
    expect(projectAmong({ 'test/a.test.ts': text })).toBe('unit');
  });
});

describe('the tests of this checkout', () => {
  it('are in five projects, each with its own', () => {
    const { unit, process, isolated, guards, package: packaged } = testsByProject();
    expect(unit).toContain('test/format/prologue.test.ts');
    expect(process).toContain('test/cli/transcripts.test.ts');
    expect(process).toContain('test/bench/memory/memory-process.test.ts');
    expect(isolated).toContain('test/bench/measure/memory-and-delay.test.ts');
    expect(guards).toContain('test/guards/floors.test.ts');
    expect(packaged).toContain('test/package/tarball.test.ts');
  });
});
