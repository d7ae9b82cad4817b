// @ts-check
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { createDecryptStream, createEncryptStream, encrypt, engines, rawKey } from 'sealpipe';
import { interleaved, median, quantile } from './statistics.mjs';
import { memorySource, nullSink } from './streams.mjs';

const MIB = 2 ** 20;
const PAIRS = 9;
const SIZE = 256 * MIB;
const CHUNK = 65_536;
/** The raw cipher takes one message of any length: memory that does not fit the caches is read alike by both. */
const MEMORY = 32 * MIB;

const keys = rawKey({ name: 'bench', key: randomBytes(32) });
const plaintext = randomBytes(MEMORY);
const key = randomBytes(32);
const iv = randomBytes(12);

/** @param {number} frameSize */
async function encryptPair(frameSize) {
  return interleaved(
    () =>
      pipeline(memorySource(plaintext, CHUNK, SIZE), createEncryptStream({ keys, frameSize }), nullSink()),
    () => pipeline(memorySource(plaintext, CHUNK, SIZE), createCipheriv('aes-256-gcm', key, iv), nullSink()),
    { pairs: PAIRS, bytes: SIZE },
  );
}

/** @param {number} frameSize */
async function decryptPair(frameSize) {
  const sealed = await encrypt(plaintext, { keys, frameSize });
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const raw = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const tag = cipher.getAuthTag();
  return interleaved(
    () => pipeline(memorySource(sealed, CHUNK, sealed.length), createDecryptStream({ keys }), nullSink()),
    () => {
      const decipher = createDecipheriv('aes-256-gcm', key, iv).setAuthTag(tag);
      return pipeline(memorySource(raw, CHUNK, raw.length), decipher, nullSink());
    },
    { pairs: PAIRS, bytes: MEMORY },
  );
}

/**
 * Ratios of the streams to the raw, unframed cipher stream: medians of interleaved pairs in one process.
 *
 * @returns {Promise<{ name: string, rate: number, raw: number, ratio: number, low: number, high: number }[]>}
 */
export async function quick() {
  const rows = [];
  for (const [direction, pair] of /** @type {const} */ ([
    ['encrypt', encryptPair],
    ['decrypt', decryptPair],
  ])) {
    for (const frameSize of [65_536, 4_096]) {
      const { a, b, ratios } = await pair(frameSize);
      rows.push({
        name: `${direction}, ${frameSize / 1024} KiB frames`,
        rate: median(a),
        raw: median(b),
        ratio: median(ratios),
        low: quantile(ratios, 0.05),
        high: quantile(ratios, 0.95),
      });
    }
  }
  return rows;
}

/** Prints the ratios as a table. */
export async function printQuick() {
  const engine = engines().find(({ suite }) => suite === 'AES-256-GCM')?.engine;
  console.log(`AES-256-GCM by the ${engine} engine, 64 KiB chunks, memory to null sink, ${PAIRS} pairs`);
  console.log('raw: one unframed message through createCipheriv / createDecipheriv\n');
  console.log(
    `${'case'.padEnd(26)}${'GB/s'.padStart(7)}${'raw'.padStart(7)}${'ratio'.padStart(8)}   p5 – p95`,
  );
  for (const { name, rate, raw, ratio, low, high } of await quick()) {
    const figures = rate.toFixed(2).padStart(7) + raw.toFixed(2).padStart(7) + ratio.toFixed(2).padStart(8);
    console.log(`${name.padEnd(26)}${figures}   ${low.toFixed(2)} – ${high.toFixed(2)}`);
  }
}
