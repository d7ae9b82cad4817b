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

  it('measures the cases that were chosen, and prints them as JSON', async () => {
    const chosen = ['--engine', 'node', '--direction', 'encrypt', '--chunk', '1MiB', '--json'];
    const { status, stdout } = await bench(...chosen);
    expect(status).toBe(0);
    const { figures, measurements, machine, leftOut, command } = JSON.parse(stdout);
    const name = 'encrypt, node, AES-256-GCM, fixed, 64 KiB / 1 MiB';
    expect(measurements).toMatchObject([{ name, chunkSize: 1_048_576, size: expect.any(Number) }]);
    expect(measurements[0].external).toBeGreaterThan(0.99);
    expect(measurements[0].rates.length).toBeGreaterThanOrEqual(9);
    expect(figures).toMatchObject([{ name: `${name} / raw stream`, unit: 'ratio' }]);
    expect(machine.node).toBe(process.version);
    expect(leftOut).toEqual([]);
    expect(command).toBe(`npm run bench -- ${chosen.join(' ')}`);
  });
});
