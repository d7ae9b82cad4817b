import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../support/repository.js';
import { runProcess } from '../../support/run-process.js';
import { tempFolder } from '../../support/temp-folder.js';
import { serviceForTests } from './service-for-tests.js';

/** The built entry, as another process imports it. */
const ENTRY = pathToFileURL(createRequire(join(repositoryRoot, 'package.json')).resolve('sealpipe/kms')).href;

/** The environment without anything that the SDK reads. */
const withoutAws = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => name.startsWith('AWS_'))
    .map((name) => [name, undefined]),
);

describe('a process with a provider', () => {
  const service = serviceForTests();

  const run = async (program: string, env: Readonly<Record<string, string>> = {}) => {
    const folder = await tempFolder();
    const config = JSON.stringify({ ...service().clientConfig(), maxAttempts: 3 });
    const text = `
      import { kms } from ${JSON.stringify(ENTRY)};
      const request = { encryptionContext: {}, contextBytes: new Uint8Array(4), dataKeyBytes: 32 };
      const provider = kms({ keyId: ${JSON.stringify(service().kms.createKey())}, clientConfig: ${config}, timeout: 600_000 });
      ${program}`;
    await writeFile(join(folder, 'main.mjs'), text);
    const finished = await runProcess(process.execPath, ['main.mjs'], {
      cwd: folder,
      // The service ends no connection: what does not end at once does not end before this.
      timeout: 60_000,
      env: { ...withoutAws, HOME: folder, USERPROFILE: folder, AWS_EC2_METADATA_DISABLED: 'true', ...env },
    });
    return { ...finished, said: JSON.parse(finished.stdout || 'null') };
  };

  it('ends at once though its client keeps an idle connection', async () => {
    const { status } = await run(
      'await provider.generate({ ...request, signal: new AbortController().signal });',
    );
    expect(status).toBe(0);
  });

  it('ends at once after an abort, though KMS never answers and the deadline is far', async () => {
    service().fault = () => 'hang';
    const { status, said } = await run(`
      const controller = new AbortController();
      const pending = provider.generate({ ...request, signal: controller.signal });
      setTimeout(() => controller.abort(), 300);
      const error = await pending.catch((error) => error);
      console.log(JSON.stringify(error.name));`);
    expect([status, said]).toEqual([0, 'AbortError']);
  });

  it.each([
    ['no region', {}, /AWS_REGION/],
    ['no credentials', { AWS_REGION: 'eu-west-1' }, /no AWS credentials were found.*AWS_PROFILE/],
  ])('that has %s is told how to give it', async (_, env, hint) => {
    const { said } = await run(
      `
      const lost = kms({ keyId: 'alias/a' });
      const error = await lost
        .generate({ ...request, signal: new AbortController().signal })
        .catch((error) => error);
      console.log(JSON.stringify([error.code, error.message + '. ' + error.hint]));`,
      env,
    );
    expect(said).toEqual(['ERR_SEALPIPE_KEY_DENIED', expect.stringMatching(hint)]);
  });

  it('opens a new connection after close()', async () => {
    const { status, stderr } = await run(`
      for (const _ of [1, 2]) {
        await provider.generate({ ...request, signal: new AbortController().signal });
        provider.close();
      }`);
    expect(status, stderr).toBe(0);
  });
});
