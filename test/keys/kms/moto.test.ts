import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kms } from '../../../src/keys/kms/index.js';
import { decrypt, encrypt } from '../../../src/session/one-shot.js';
import { describeKeyProvider } from '../../conformance/key-provider.js';
import { toolPath } from '../../support/external-tool.js';
import { prerequisite } from '../../support/prerequisite.js';
import type { Moto } from './moto.js';
import { startMoto } from './moto.js';

// moto says AccessDeniedException where the key id inside of its ciphertext is damaged, and its ciphertexts are long.
describeKeyProvider('kms() over moto_server', {
  needs: (context) => prerequisite(context, toolPath('moto_server') !== undefined, 'moto_server'),
  damage: ['ERR_SEALPIPE_AUTHENTICATION', 'ERR_SEALPIPE_KEY_DENIED'],
  damageStep: 5,
  make: async () => {
    const { clientConfig, createKey, close } = await startMoto();
    const providerOfNewKey = async () => kms({ keyId: await createKey(), clientConfig });
    return { provider: await providerOfNewKey(), other: await providerOfNewKey(), close };
  },
});

describe('a stream over moto_server', () => {
  const here = toolPath('moto_server') !== undefined;
  let moto: Moto | undefined;
  beforeAll(async () => {
    moto = here ? await startMoto() : undefined;
  });
  afterAll(() => moto?.close());

  it('opens under its context alone, although moto joins the pairs of a context', async (context) => {
    prerequisite(context, here, 'moto_server');
    const keys = kms({ keyId: await moto!.createKey(), clientConfig: moto!.clientConfig });
    const sealed = await encrypt('hello', { keys, encryptionContext: { a: 'bc' }, withholdContext: true });
    expect(String(await decrypt(sealed, { keys, encryptionContext: { a: 'bc' } }))).toBe('hello');
    await expect(decrypt(sealed, { keys, encryptionContext: { ab: 'c' } })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_AUTHENTICATION',
    });
  });
});
