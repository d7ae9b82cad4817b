// @ts-check
// Loaded before a program: writes down every (key, nonce, digest of plaintext) that it seals, before the ciphertext is
// known to anybody, into the file that NONCE_RECORD names. It survives a kill.
import crypto from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const record = String(process.env.NONCE_RECORD);
const { createCipheriv, createHash } = crypto;
/** @param {crypto.BinaryLike} bytes */
const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');

Object.assign(crypto, {
  /** @type {typeof createCipheriv} */
  createCipheriv: (
    /** @type {any} */ algorithm,
    /** @type {any} */ key,
    /** @type {any} */ nonce,
    /** @type {any} */ options,
  ) => {
    const cipher = createCipheriv(algorithm, key, nonce, options);
    const plaintext = createHash('sha256');
    const name = `${digest(key)} ${Buffer.from(nonce).toString('hex')}`;
    const { update, final } = cipher;
    cipher.update = (/** @type {any} */ data, /** @type {any[]} */ ...more) => {
      plaintext.update(data);
      return Reflect.apply(update, cipher, [data, ...more]);
    };
    cipher.final = (/** @type {any[]} */ ...more) => {
      appendFileSync(record, `${name} ${plaintext.digest('hex')}\n`);
      return Reflect.apply(final, cipher, more);
    };
    return cipher;
  },
});
syncBuiltinESMExports();
