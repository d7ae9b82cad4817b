import { kms } from '../../../src/keys/kms/index.js';
import { describeKeyProvider } from '../../conformance/key-provider.js';
import { toolPath } from '../../support/external-tool.js';
import { prerequisite } from '../../support/prerequisite.js';
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
