import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { bareEnvironment, NOBODY_KNOWN, onlyWhereOthersRead } from '../support/other-user.js';
import { runProcess } from '../support/run-process.js';
import { ENTRY } from './support/children.js';

const AWS = createRequire(import.meta.url).resolve('@aws-sdk/client-kms');

const SCRIPT = `
import { homedir } from 'node:os';
process.setgid(${NOBODY_KNOWN});
process.setuid(${NOBODY_KNOWN});
const { createLocalKms } = await import(${JSON.stringify(pathToFileURL(ENTRY))});
const { default: { KMSClient, CreateKeyCommand } } = await import(${JSON.stringify(pathToFileURL(AWS))});
let home = 'none';
try { home = homedir(); } catch {}
const client = new KMSClient(createLocalKms().clientConfig);
const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
console.log(home, KeyMetadata.KeyState);
`;

describe('the configuration of a client', () => {
  beforeEach((context) => onlyWhereOthersRead(context, AWS));

  test('needs no home directory, and nothing else of the environment', async () => {
    const args = ['--input-type=module', '--eval', SCRIPT];
    const { status, stdout, stderr } = await runProcess(process.execPath, args, { env: bareEnvironment() });
    expect([status === 0 ? '' : stderr, stdout]).toEqual(['', 'none Enabled\n']);
  });
});
