import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../support/repository.js';
import { runProcess } from '../../support/run-process.js';

const module = pathToFileURL(join(repositoryRoot, 'bench/measure/sampled.mjs')).href;
const sample = (work: string) =>
  runProcess(process.execPath, [
    '--input-type=module',
    '-e',
    `import { sampled } from '${module}';
     let runs = 0, running = 0, most = 0;
     const seconds = await sampled(async () => {
       runs += 1;
       most = Math.max(most, ++running);
       ${work}
       running -= 1;
     }, { samples: 6, seconds: 0 });
     console.log(JSON.stringify({ runs, most, samples: seconds.length }));`,
  ]);

describe('samples by benny', () => {
  it('are one run each, one after another, and none besides', async () => {
    const { stdout } = await sample('await new Promise((resolve) => setTimeout(resolve, 2));');
    const { runs, most, samples } = JSON.parse(stdout);
    expect(most).toBe(1);
    expect(samples).toBeGreaterThanOrEqual(6);
    expect(runs).toBe(samples);
  });

  it('end with the first run that fails, and hang no process', async () => {
    const { status, stdout, stderr } = await sample("if (runs === 3) throw new Error('lost');");
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('lost');
  });
});
