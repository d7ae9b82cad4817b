import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { tools } from '../../../bench/files/tools.mjs';
import { foreignShare } from '../../../bench/measure/foreign-cpu.mjs';
import { pipeRounds } from '../../../bench/pipes/pipe-rounds.mjs';
import { runBetweenPipes } from '../../../bench/pipes/pipe-run.mjs';
import { checkPiped } from '../../../bench/pipes/pipes-part.mjs';
import { toolPath } from '../../support/external-tool.js';
import { prerequisite } from '../../support/prerequisite.js';
import { tempFolder } from '../../support/temp-folder.js';

beforeEach((context) => prerequisite(context, toolPath('bash') !== undefined, 'bash'));

const environment = process.env;

async function someFile(): Promise<{ folder: string; input: string }> {
  const folder = await tempFolder();
  const input = join(folder, 'a');
  await writeFile(input, 'text');
  return { folder, input };
}

describe('a command between pipes', () => {
  it('is told by its own seconds, whatever the others use', async () => {
    const { input } = await someFile();
    const busy =
      'const end = Date.now() + 300; while (Date.now() < end); process.stdin.pipe(process.stdout);';
    const { seconds, cpu } = await runBetweenPipes([process.execPath, '-e', busy], {
      input,
      output: '/dev/null',
      environment,
    });
    expect(seconds).toBeGreaterThan(0.29);
    expect(cpu).toBeGreaterThan(0);
  });

  it('fails with what it complained about', async () => {
    const { input } = await someFile();
    const command = ['sh', '-c', 'cat > /dev/null; echo no such key >&2; exit 5'];
    await expect(runBetweenPipes(command, { input, output: '/dev/null', environment })).rejects.toThrow(
      /ended with 5: no such key/,
    );
  });
});

describe('the tools between pipes', () => {
  it('give back what they were given, also to other code', async () => {
    const folder = await tempFolder();
    for (const { name, piped, ...tool } of tools(folder).tools) {
      if (piped !== undefined) await checkPiped({ name, piped, ...tool }, folder, environment);
    }
    const lossy = { ...tools(folder).tools[0]!, name: 'lossy', piped: { encrypt: ['cat'], decrypt: ['wc'] } };
    await expect(checkPiped(lossy, folder, environment)).rejects.toThrow();
  });

  it('take turns until enough rounds count, and no longer than they may', async () => {
    const { input } = await someFile();
    const entrants = ['a', 'b'].map((name) => ({ name, command: ['cat'], input }));
    const { runs, tried } = await pipeRounds(entrants, { rounds: 2, most: 3, environment });
    expect(tried).toBeLessThanOrEqual(3);
    expect(runs.map(({ length }) => length)).toEqual([runs[0]!.length, runs[0]!.length]);
  });
});

describe('what others had of the CPUs', () => {
  it('is what was busy without us', () => {
    const before = { at: 10, busy: 100, ours: 50 };
    expect(foreignShare(before, { at: 12, busy: 103, ours: 52 }, 2)).toBe(0.25);
    expect(foreignShare(before, { at: 12, busy: 101, ours: 52 }, 2)).toBe(0);
    expect(foreignShare(before, { at: 12, busy: Number.NaN, ours: Number.NaN }, 2)).toBe(0);
  });
});
