import type { Engine } from '../aead.js';
import { wipe } from '../secret.js';
import type { CipherSuite } from '../suites.js';
import { loadAddon } from './addon.js';

const SUITES: readonly CipherSuite[] = ['AES-256-GCM', 'AES-128-GCM', 'CHACHA20-POLY1305'];

/** The engine over a small addon that drives the OpenSSL inside Node, with one cipher context for a whole stream. */
export const nativeEngine: Engine = {
  name: 'native',
  missing(suite) {
    if (!SUITES.includes(suite)) return 'the addon does not serve this suite';
    const addon = loadAddon();
    return typeof addon === 'string' ? addon : undefined;
  },
  create(suite, key, baseNonce) {
    const addon = loadAddon();
    if (typeof addon === 'string') throw new RangeError(addon);
    const [lentKey, lentNonce] = [copyOffHeap(key), copyOffHeap(baseNonce)];
    try {
      return new addon.FrameCipher(suite, lentKey, lentNonce);
    } finally {
      wipe(lentKey, lentNonce);
    }
  },
};

/**
 * V8 keeps up to 64 bytes in its own heap, moves them out when an addon asks where they are, and leaves the old place
 * as it was, where no wipe reaches it. What lies in an ArrayBuffer from the start stays where it is.
 */
function copyOffHeap(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new ArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}
