import type { Engine, FrameCipher } from '../../src/crypto/aead.js';
import { nodeEngine } from '../../src/crypto/node-engine.js';

/** The node engine with a fault. */
export function broken(
  fault: (good: FrameCipher) => Partial<FrameCipher>,
): Engine & { readonly wiped: () => boolean } {
  let wiped = false;
  return {
    name: 'node',
    missing: () => undefined,
    create: (suite, key, nonce) => {
      const good = nodeEngine.create(suite, key, nonce);
      return {
        seal: (...args) => good.seal(...args),
        open: (...args) => good.open(...args),
        wipe: () => {
          wiped = true;
          good.wipe();
        },
        ...fault(good),
      };
    },
    wiped: () => wiped,
  };
}
