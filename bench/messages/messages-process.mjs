// @ts-check
/*
 * Small messages, one after another: one op of benny is a thousand of them. Takes the kind and the direction as JSON,
 * prints what it measured as JSON.
 */

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { cachedKeys, decrypt, encrypt, rawKey } from 'sealpipe';
import { given } from '../child.mjs';
import { interleaved, timesAsFast } from '../measure/interleaved.mjs';
import { sampled } from '../measure/sampled.mjs';

const MESSAGES = 1_000;
const SIZE = 1_024;
const ROUNDS = 9;

/** @typedef {{ seal(): Promise<Buffer>, open(sealed: Buffer): Promise<Buffer> }} Messages */

/** @type {{ kind: 'rawKey' | 'cachedKeys' | 'raw cipher', direction: 'encrypt' | 'decrypt' }} */
const { kind, direction } = given();
const message = randomBytes(SIZE);
const run = await thousand(kind === 'raw cipher' ? rawCipher() : ours());
const seconds = await sampled(run, { samples: 15, seconds: 1 });
const [own = [], raw = []] = await interleaved([run, await thousand(rawCipher())], ROUNDS);
console.log(
  JSON.stringify({ rates: seconds.map((second) => MESSAGES / second), ratios: timesAsFast(own, raw) }),
);

/** @param {Messages} messages @returns {Promise<() => Promise<void>>} */
async function thousand(messages) {
  const sealed = await messages.seal();
  if (message.compare(await messages.open(sealed)) !== 0) throw new Error(`${kind} loses the message`);
  const one = direction === 'encrypt' ? () => messages.seal() : () => messages.open(sealed);
  return async () => {
    for (let i = 0; i < MESSAGES; i++) await one();
  };
}

/** @returns {Messages} */
function ours() {
  const wrapping = rawKey({ name: 'bench', key: randomBytes(32) });
  const limits = { maxAge: 3_600_000, maxStreams: 2 ** 40, maxBytes: 2 ** 50 };
  const keys = kind === 'cachedKeys' ? cachedKeys(wrapping, limits) : wrapping;
  return { seal: () => encrypt(message, { keys }), open: (sealed) => decrypt(sealed, { keys }) };
}

/** One key for all messages, a new nonce for each, and nothing else. @returns {Messages} */
function rawCipher() {
  const key = randomBytes(32);
  return {
    async seal() {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      return Buffer.concat([nonce, cipher.update(message), cipher.final(), cipher.getAuthTag()]);
    },
    async open(sealed) {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
      decipher.setAuthTag(sealed.subarray(-16));
      return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
    },
  };
}
