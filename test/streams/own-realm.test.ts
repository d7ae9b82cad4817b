import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { engineNames, engines } from '../../src/crypto/engines.js';
import { prerequisite } from '../support/prerequisite.js';
import { repositoryRoot } from '../support/repository.js';
import { runProcess } from '../support/run-process.js';

const entry = join(repositoryRoot, 'dist', 'index.js');

it('the package works in a realm of its own, where no Buffer is one of its Uint8Arrays, with every engine', async (context) => {
  prerequisite(context, existsSync(entry), 'the built package (npm run build)');
  const script = join(repositoryRoot, 'test', 'streams', 'own-realm.mjs');
  const flags = ['--experimental-vm-modules', '--no-warnings'];
  const { status, stdout, stderr } = await runProcess(process.execPath, [
    ...flags,
    script,
    pathToFileURL(entry).href,
  ]);
  expect(status, stderr).toBe(0);
  const served = engines().flatMap(({ suite, unavailable }) =>
    engineNames()
      .filter((name) => unavailable[name] === undefined)
      .map((name) => `${suite} ${name}`),
  );
  expect(JSON.parse(stdout)).toEqual(served);
});
