// @ts-check
import { createDecipheriv, randomBytes } from 'node:crypto';
import { gcm } from '@noble/ciphers/aes.js';
import { wholeInput } from '../streams/input.mjs';

const TAG_SIZE = 16;

/**
 * AES-256-GCM in plain JavaScript. It has no streams: one message at once, whatever the chunk size.
 *
 * @returns {import('./contender.mjs').Contender}
 */
export function noble() {
  const [key, nonce] = [randomBytes(32), randomBytes(12)];
  /** @type {import('./contender.mjs').Sealed} */
  const sealed = {
    open: async (input, take) => give(gcm(key, nonce).decrypt(wholeInput(input)), take),
    async openElsewhere(bytes) {
      const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAuthTag(bytes.subarray(-TAG_SIZE));
      return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_SIZE)), decipher.final()]);
    },
  };
  return {
    async seal(input, take) {
      give(gcm(key, nonce).encrypt(wholeInput(input)), take);
      return sealed;
    },
  };
}

/**
 * @param {Uint8Array} bytes
 * @param {import('./contender.mjs').Take} [take]
 */
function give(bytes, take) {
  take?.(bytes);
}
