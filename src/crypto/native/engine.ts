import { copyOf, wipe } from '../../bytes.js';
import type { SuiteName } from '../../suites.js';
import type { Engine } from '../aead.js';
import { loadAddon } from './addon.js';

const SERVED: readonly SuiteName[] = ['AES-256-GCM', 'AES-128-GCM', 'CHACHA20-POLY1305'];

/** The engine over a small addon that drives the OpenSSL inside Node, with one cipher context for a whole stream. */
export const nativeEngine: Engine = {
  name: 'native',
  missing(suite) {
    if (!SERVED.includes(suite)) return 'the addon does not serve this suite';
    const addon = loadAddon();
    return typeof addon === 'string' ? addon : undefined;
  },
  create(suite, key, baseNonce) {
    const addon = loadAddon();
    if (typeof addon === 'string') throw new RangeError(addon);
    const [lentKey, lentNonce] = [copyOf(key), copyOf(baseNonce)];
    try {
      return new addon.FrameCipher(suite, lentKey, lentNonce);
    } finally {
      wipe(lentKey, lentNonce);
    }
  },
};
