import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/repository.js';
import { runProcess } from '../support/run-process.js';
import { tempFolder } from '../support/temp-folder.js';

const bench = (...args: string[]) =>
  runProcess(process.execPath, [join(repositoryRoot, 'bench/main.mjs'), ...args]);

describe('the bench as a command', () => {
  it('explains itself', async () => {
    const { status, stdout } = await bench('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('--quick');
  });

  it('refuses what it does not know with status 2, and measures nothing', async () => {
    const { status, stdout, stderr } = await bench('--frame', '5KiB');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('--frame 5KiB: it is one of 4 KiB');
  });

  it('refuses a baseline that is none before it measures anything', async () => {
    const path = join(await tempFolder(), 'baseline.json');
    await writeFile(path, '{}');
    const { status, stdout, stderr } = await bench('--quick', '--compare', path);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('was not saved by this bench');
  });
});
