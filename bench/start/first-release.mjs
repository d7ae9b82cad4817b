// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The commit that the start of the package is compared with: unbundled, everything loaded at once. */
export const COMMIT = '5ae7182';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Builds the package as it was at {@link COMMIT}, with the dependencies that are installed here. It needs git with that
 * commit in its history, tar, and what `npm ci` installs.
 *
 * @param {string} folder an empty one
 * @returns {string | undefined} why it could not be done
 */
export function buildFirstRelease(folder) {
  const archive = spawnSync('git', ['archive', '--format=tar', COMMIT], { cwd: root, maxBuffer: 2 ** 28 });
  if (archive.status !== 0) return `git has no commit ${COMMIT} here`;
  if (spawnSync('tar', ['-x', '-C', folder], { input: archive.stdout }).status !== 0)
    return 'tar does not run';
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  const compiler = join(root, 'node_modules/typescript/lib/tsc.js');
  spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: folder });
  spawnSync(process.execPath, ['scripts/build-native.mjs'], { cwd: folder });
  return existsSync(join(folder, 'dist/cli/main.js')) ? undefined : `${COMMIT} could not be built`;
}
