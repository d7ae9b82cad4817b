// Runs every numbered example, one after another, each in an empty folder with no AWS account; ends at the first failure.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const examples = fileURLToPath(new URL('../examples', import.meta.url));
const names = readdirSync(examples)
  .filter((name) => /^\d\d-.*\.mjs$/.test(name))
  .sort();
if (names.length === 0) throw new Error('there are no examples');

const failed = names.findIndex((name) => !passes(name));
if (failed >= 0) process.exitCode = 1;
else console.log(`examples: ${names.length} passed, 0 failed`);

/** @param {string} name */
function passes(name) {
  const folder = mkdtempSync(join(tmpdir(), 'sealpipe-example-'));
  const started = performance.now();
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [join(examples, name)], {
    cwd: folder,
    env: environment(folder),
    encoding: 'utf8',
    timeout: 120_000,
  });
  rmSync(folder, { recursive: true, force: true });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (status === 0) console.log(`${name} ${seconds} s`);
  else console.error(`${name} failed (${signal ?? status}) after ${seconds} s\n${stdout}\n${stderr}`);
  return status === 0;
}

/** @param {string} folder */
function environment(folder) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|SEALPIPE_)/.test(name));
  return { ...Object.fromEntries(kept), TMPDIR: folder, SEALPIPE_HOME: join(folder, '.sealpipe') };
}
