// Packs the built package into a temporary folder and shows the tarball to publint and to Are The Types Wrong.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sealpipe-package-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]);
const tarball = join(folder, readdirSync(folder)[0] ?? '');
run('publint', ['run', tarball, '--strict']);
run('attw', [tarball, '--profile', 'esm-only']);

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  console.error(`${command} ${args.join(' ')} failed`);
  process.exit(1);
}
