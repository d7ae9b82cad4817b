// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Left there for the next time; git ignores it. */
const FOLDER = fileURLToPath(new URL('../../.ci/nodes', import.meta.url));

/**
 * The newest Node of a major version, from the package that carries its binary.
 *
 * @param {number} major
 * @param {string} [folder]
 * @returns {{ path: string } | { why: string }} the binary, or why it is not available
 */
export function nodeBinary(major, folder = FOLDER) {
  const name = `node-${process.platform}-${process.arch}`;
  const prefix = join(folder, String(major));
  const path = join(prefix, 'node_modules', name, 'bin', 'node');
  if (!existsSync(path)) {
    mkdirSync(prefix, { recursive: true });
    const quiet = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const { error, status, stderr } = spawnSync(
      'npm',
      ['install', '--prefix', prefix, ...quiet, `${name}@${major}`],
      { encoding: 'utf8', shell: process.platform === 'win32' },
    );
    if (error !== undefined) return { why: `npm does not run: ${error.message}` };
    if (status !== 0) return { why: `npm could not install ${name}@${major}: ${firstLine(stderr)}` };
  }
  const { error, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  if (error !== undefined) return { why: `its binary does not run: ${error.message}` };
  return stdout.startsWith(`v${major}.`) ? { path } : { why: `${name}@${major} is Node ${stdout.trim()}` };
}

/** @param {string} text */
function firstLine(text) {
  return text.trim().split('\n')[0] ?? '';
}
