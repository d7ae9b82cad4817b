import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Sdk from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { kms } from '../../../src/keys/kms/index.js';
import { createLocalKms } from '../../../src/local-kms/index.js';
import { decrypt, encrypt } from '../../../src/session/one-shot.js';
import { keyRequest } from '../../conformance/key-request.js';
import { prerequisite } from '../../support/prerequisite.js';
import { rejection } from './service-for-tests.js';

/** A folder with one folder for each version, in which it is installed: `.ci/steps.sh` makes one. */
const FOLDER = process.env['SEALPIPE_KMS_CLIENTS'] ?? '';
const OLDEST = '3.928.0';
const TOO_OLD = '3.927.0';
const REFUSAL = { name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' };

function clientOf(version: string): typeof Sdk | undefined {
  const folder = join(FOLDER, version);
  if (FOLDER === '' || !existsSync(folder)) return undefined;
  return createRequire(join(folder, 'any.js'))('@aws-sdk/client-kms') as typeof Sdk;
}

describe('a client of an older @aws-sdk/client-kms', () => {
  const { clientConfig } = createLocalKms();
  const keyArn = `arn:aws:kms:local:000000000000:key/00000000-0000-4000-8000-000000000000`;

  it(`is taken from ${OLDEST} on`, async (context) => {
    const sdk = clientOf(OLDEST);
    prerequisite(context, sdk !== undefined, `@aws-sdk/client-kms ${OLDEST} (SEALPIPE_KMS_CLIENTS)`);
    const { KMSClient, CreateKeyCommand } = sdk!;
    const client = new KMSClient(clientConfig);
    const create = async () => (await client.send(new CreateKeyCommand({}))).KeyMetadata!.Arn!;
    const [one, other] = [kms({ keyId: await create(), client }), kms({ keyId: await create(), client })];
    const encryptionContext = { purpose: 'test' };
    const sealed = await encrypt('hello', { keys: [one, other], encryptionContext });
    for (const keys of [one, other]) expect(String(await decrypt(sealed, { keys }))).toBe('hello');
    const { recipient } = await one.generate(keyRequest());
    expect(await one.rewrap!(recipient, other, keyRequest())).toMatchObject({ provider: 'aws-kms' });
    const gone = kms({ keyId: keyArn, client });
    expect(await rejection(gone.generate(keyRequest()))).toMatchObject({
      code: 'ERR_SEALPIPE_KEY_NOT_FOUND',
    });
  });

  it(`is refused before, such as ${TOO_OLD}, and told why`, async (context) => {
    const sdk = clientOf(TOO_OLD);
    prerequisite(context, sdk !== undefined, `@aws-sdk/client-kms ${TOO_OLD} (SEALPIPE_KMS_CLIENTS)`);
    const client = new sdk!.KMSClient(clientConfig);
    expect(() => kms({ keyId: keyArn, client })).toThrow(/before 3\.928\.0.*update @aws-sdk\/client-kms/);
    const asked = kms({ keyId: keyArn, client: () => client });
    expect(await rejection(asked.generate(keyRequest()))).toMatchObject(REFUSAL);
  });
});

describe('a client that looks like an older one', () => {
  const send = async () => ({});
  const client = { send, config: { region: () => 'eu-west-1' }, middlewareStack: {} };

  it('is refused, given as it is or by a function', async () => {
    expect(() => kms({ keyId: 'alias/a', client })).toThrow(expect.objectContaining(REFUSAL));
    const keyId = 'arn:aws:kms:eu-west-1:111122223333:key/a';
    const asked = kms({ keyId, client: () => client });
    const error = await rejection(asked.generate(keyRequest()));
    expect(error).toMatchObject({ ...REFUSAL, message: expect.stringContaining('before 3.928.0') });
  });

  it('is taken where it is not of AWS', () => {
    expect(() => kms({ keyId: 'alias/a', client: { send, config: client.config } })).not.toThrow();
  });
});
