// @ts-check
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { HIGH_WATER_MARK, nodeSource } from '../streams/input.mjs';
import { nodeSink } from '../streams/sinks.mjs';
import { RAW_CIPHERS } from './raw-suites.mjs';

const TAG_SIZE = 16;
const OPTIONS = {
  authTagLength: TAG_SIZE,
  readableHighWaterMark: HIGH_WATER_MARK,
  writableHighWaterMark: HIGH_WATER_MARK,
};

/**
 * `createCipheriv` as a stream: one unframed message, whose tag is known only at its end. The ratios are relative to
 * this stream.
 *
 * @param {import('./contender.mjs').RawSpec} spec
 * @returns {import('./contender.mjs').Contender}
 */
export function rawCipher({ suite }) {
  const { name, keySize } = RAW_CIPHERS[suite];
  const elsewhere = suite === 'CHACHA20-POLY1305' ? chacha20poly1305 : gcm;
  const [key, nonce] = [randomBytes(keySize), randomBytes(12)];
  return {
    async seal(input, take) {
      const cipher = createCipheriv(/** @type {'aes-256-gcm'} */ (name), key, nonce, OPTIONS);
      await pipeline(nodeSource(input), cipher, nodeSink(take));
      const tag = cipher.getAuthTag();
      return {
        open(again, takeAgain) {
          const decipher = createDecipheriv(/** @type {'aes-256-gcm'} */ (name), key, nonce, OPTIONS);
          return pipeline(nodeSource(again), decipher.setAuthTag(tag), nodeSink(takeAgain));
        },
        openElsewhere: async (sealed) => elsewhere(key, nonce).decrypt(Buffer.concat([sealed, tag])),
      };
    },
  };
}
