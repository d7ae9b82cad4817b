import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { prerequisite } from '../support/prerequisite.js';
import { runProcess } from '../support/run-process.js';
import { COMMONJS, ESM, SAID } from './round-trip.js';

const { project, offline } = inject('installed');

/** Makes Node refuse AWS code, and everything else that importing sealpipe has no business with. */
const REFUSE = `
import Module from 'node:module';
const refused = /^(@aws-sdk|@aws-crypto|@smithy|pino)(\\/|$)/;
const check = (name) => {
  if (!refused.test(name)) return;
  // At once, also in the thread of hooks, whose console comes too late if the process ends.
  process.getBuiltinModule('fs').writeSync(2, 'loads ' + name + '\\n');
  throw new Error('refused');
};
const load = Module._load;
Module._load = function (name, ...rest) { check(name); return load.call(this, name, ...rest); };
const resolve = (name, context, next) => { check(name); return next(name, context); };
if (Module.registerHooks) Module.registerHooks({ resolve });
else Module.register('data:text/javascript,' + encodeURIComponent(
  'const refused = ' + refused + '; const check = ' + check + '; export const resolve = ' + resolve));
`;

async function runAs(name: string, code: string, flags: readonly string[] = []) {
  await writeFile(join(project, name), code);
  const { status, stdout, stderr } = await runProcess(process.execPath, [...flags, name], { cwd: project });
  return { status, stdout, stderr: status === 0 ? '' : stderr };
}

describe('the installed package', () => {
  beforeEach((context) => prerequisite(context, offline === undefined, offline ?? ''));

  it('seals and opens from an ECMAScript module', async () => {
    expect(await runAs('use.mjs', ESM)).toEqual({ status: 0, stdout: SAID, stderr: '' });
  });

  it('seals and opens from CommonJS', async () => {
    expect(await runAs('use.cjs', COMMONJS)).toEqual({ status: 0, stdout: SAID, stderr: '' });
  });

  describe('when AWS code is refused', () => {
    const flags = ['--no-warnings', '--import', './refuse.mjs'];
    beforeEach(() => writeFile(join(project, 'refuse.mjs'), REFUSE));

    it.each([
      ['use.mjs', ESM],
      ['use.cjs', COMMONJS],
    ])('goes on as before: sealpipe loads none (%s)', async (name, code) => {
      expect(await runAs(name, code, flags)).toEqual({ status: 0, stdout: SAID, stderr: '' });
    });

    it.each([
      ['static.mjs', "import '@aws-sdk/client-kms';"],
      [
        'through.mjs',
        "import { kms } from 'sealpipe/kms'; import { encrypt } from 'sealpipe';\n" +
          "await encrypt('', { keys: kms({ keyId: 'alias/a', timeout: 100_000, clientConfig: { region: 'eu-west-1' } }) });",
      ],
      ['require.cjs', "require('@aws-sdk/client-kms');"],
    ])('would be seen to load it (%s)', async (name, code) => {
      const told = await runAs(name, code, flags);
      expect(told).toMatchObject({ status: 1, stderr: expect.stringContaining('loads @aws-sdk/client-kms') });
    });
  });

  it('answers as a command', async () => {
    const command = join(
      project,
      'node_modules',
      '.bin',
      process.platform === 'win32' ? 'sealpipe.cmd' : 'sealpipe',
    );
    const { status, stdout } = await runProcess(command, ['--help'], { cwd: project });
    expect(status).toBe(0);
    expect(stdout).toContain('sealpipe encrypt');
  });

  it.each(['01-files.mjs', '02-kms.mjs', '10-web-streams.mjs'])(
    'carries examples that run where they lie (%s)',
    async (name) => {
      const file = join('node_modules', 'sealpipe', 'examples', name);
      const { status, stderr } = await runProcess(process.execPath, ['--no-warnings', file], {
        cwd: project,
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    },
  );

  it('seals and opens over the in-process KMS', async () => {
    const code = `
import { decrypt, encrypt } from 'sealpipe';
import { kms } from 'sealpipe/kms';
import { createLocalKms } from 'sealpipe/local-kms';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
const local = createLocalKms();
const { KeyMetadata } = await new KMSClient(local.clientConfig).send(new CreateKeyCommand({}));
const keys = kms({ keyId: KeyMetadata.Arn, clientConfig: local.clientConfig });
const sealed = await encrypt('kept', { keys, encryptionContext: { a: 'b' } });
process.stdout.write((await decrypt(sealed, { keys, encryptionContext: { a: 'b' } })).toString());
`;
    expect(await runAs('kms.mjs', code, ['--no-warnings'])).toEqual({
      status: 0,
      stdout: 'kept',
      stderr: '',
    });
  });
});
