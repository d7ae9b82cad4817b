import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { onlyWhenSlow } from '../../support/prerequisite.js';
import { repositoryRoot } from '../../support/repository.js';
import { runProcess } from '../../support/run-process.js';
import { needsAddon } from './addon-here.js';
import { needsCompiler } from './build-tree.js';

needsAddon();

const fuzz = (...args: string[]) =>
  runProcess(process.execPath, [join(repositoryRoot, 'scripts/fuzz-native.mjs'), ...args]);

describe('the addon under random calls', () => {
  it('answers each as node:crypto and the rules of its arguments say', async () => {
    const { status, stdout, stderr } = await fuzz('3', '--seed', '20260101');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^seed 20260101, /);
    expect(stdout).toMatch(/\d{3,} calls, each as expected\n$/);
  });

  it('touches no memory but what it was given, and frees all that it took', async (context) => {
    onlyWhenSlow(context);
    needsCompiler(context);
    const { status, stdout, stderr } = await fuzz('30', '--sanitize');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('nothing found by AddressSanitizer');
  });
});
