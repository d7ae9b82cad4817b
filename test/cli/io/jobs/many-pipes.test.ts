import { chmod, chown, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { needsAddon } from '../../../crypto/native/addon-here.js';
import { OWN_LIBRARY } from '../../../support/external-tool.js';
import { onlyWhenSlow, onlyWhere, prerequisite } from '../../../support/prerequisite.js';
import { repositoryRoot } from '../../../support/repository.js';
import { runProcess } from '../../../support/run-process.js';
import { MAIN, makePlace } from '../../support/command.js';
import { python } from '../../support/descriptors.js';
import { KEY_TEXT } from '../../support/running.js';

needsAddon();

/** Nobody's user, so that no other pipe counts. */
const USER = 54_321;

it('a hundred commands at once leave their user pipes of the usual size', async (context) => {
  onlyWhenSlow(context);
  onlyWhere(context, process.platform === 'linux', 'pipes have a quota on Linux');
  prerequisite(context, python !== undefined, 'python3');
  const { folder, env } = await makePlace();
  const key = join(folder, 'k');
  await writeFile(key, KEY_TEXT, { mode: 0o600 });
  if (process.getuid?.() === 0) {
    await chmod(dirname(folder), 0o711);
    for (const path of [folder, key]) await chown(path, USER, USER);
  }
  const script = join(repositoryRoot, 'test/cli/support/many_pipes.py');
  const words = [process.execPath, MAIN, 'encrypt', '-k', 'file:k', '-q'];
  const line = [...OWN_LIBRARY, script, '100', String(USER), ...words];
  const { stdout, stderr } = await runProcess(python!, line, { cwd: folder, env, timeout: 600_000 });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({ sizes: [131_072], fresh: 65_536, statuses: [0] });
}, 600_000);
