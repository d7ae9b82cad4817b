import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { kms } from '../../../src/keys/kms/index.js';
import { createLocalKms } from '../../../src/local-kms/index.js';
import { rewrap } from '../../../src/sealed/rewrapping/rewrap.js';
import { startMoto } from '../../keys/kms/moto.js';
import { toolPath } from '../../support/external-tool.js';
import { prerequisite } from '../../support/prerequisite.js';
import { expectOpens, plant, raw, recipientsOf, sealedFile } from './rewrap-kit.js';

const CONTEXT = { purpose: 'backup' };

describe('a re-wrap between keys of the embedded KMS', () => {
  const { clientConfig } = createLocalKms();
  const newKey = async () => {
    const { KeyMetadata } = await new KMSClient(clientConfig).send(new CreateKeyCommand({}));
    return kms({ keyId: KeyMetadata!.Arn!, clientConfig });
  };

  it('is a ReEncrypt, and always checked: that costs nothing', async () => {
    const [old, next] = [await newKey(), await newKey()];
    const path = await sealedFile([old], { encryptionContext: CONTEXT });
    const report = await rewrap(path, { keys: old, to: next });
    expect(report).toMatchObject({ way: 'in place', checked: true, recipients: [{ made: 're-encrypted' }] });
    await expectOpens(path, [next], CONTEXT);
    const planted = await sealedFile([old], { encryptionContext: CONTEXT });
    await plant(planted, old, CONTEXT);
    await expect(rewrap(planted, { keys: old, to: next })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_AUTHENTICATION',
    });
  });

  it('never unwraps where it is told so', async () => {
    const [old, next] = [await newKey(), await newKey()];
    const path = await sealedFile([old, raw('other')]);
    const report = await rewrap(path, { keys: old, to: next, neverUnwrap: true });
    expect(report).toMatchObject({ checked: false, calls: [{ operation: 'rewrap', provider: old.id }] });
    await expectOpens(path, [next, raw('other')]);
  });
});

describe('a re-wrap between keys of moto', () => {
  it('is one ReEncrypt; with a check one Decrypt more; of two kinds of keys, by unwrapping', async (context) => {
    prerequisite(context, toolPath('moto_server') !== undefined, 'moto_server');
    const moto = await startMoto();
    try {
      const newKey = async () => kms({ keyId: await moto.createKey(), clientConfig: moto.clientConfig });
      const [old, next] = [await newKey(), await newKey()];
      const path = await sealedFile([old], { encryptionContext: CONTEXT });
      const first = await rewrap(path, { keys: old, to: next, encryptionContext: CONTEXT });
      expect(first.calls.map(({ operation }) => operation)).toEqual(['rewrap']);
      await expectOpens(path, [next], CONTEXT);
      const second = await rewrap(path, { keys: next, to: old, check: true });
      expect(second.calls.map(({ operation }) => operation)).toEqual(['unwrap', 'rewrap']);
      const third = await rewrap(path, { keys: old, to: raw('new') });
      expect(third).toMatchObject({ checked: true, recipients: [{ made: 'wrapped' }] });
      expect(await recipientsOf(path)).toEqual(['new']);
      await expectOpens(path, [raw('new')], CONTEXT);
    } finally {
      await moto.close();
    }
  });
});
