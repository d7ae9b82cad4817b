import { rawKey } from '../../src/keys/raw.js';
import { describeKeyProvider } from '../conformance/key-provider.js';

describeKeyProvider('rawKey', {
  make: async () => ({
    provider: rawKey({ name: 'backup', key: Buffer.alloc(32, 1) }),
    other: rawKey({ name: 'archive', key: Buffer.alloc(32, 2) }),
  }),
});
