// @ts-check
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { createDecryptStream, createEncryptStream, encrypt, engines, rawKey } from 'sealpipe';
import { interleaved, median, quantile } from './statistics.mjs';
import { memorySource, nullSink } from './streams.mjs';

const MIB = 2 ** 20;
const PAIRS = 7;
const SIZE = 256 * MIB;
const CHUNK = 65_536;
/** The raw cipher takes one message of any length: memory that does not fit the caches is read alike by both. */
const MEMORY = 32 * MIB;

const keys = rawKey({ name: 'bench', key: randomBytes(32) });
const plaintext = randomBytes(MEMORY);
const key = randomBytes(32);
const iv = randomBytes(12);

/** @typedef {import('sealpipe').EngineName} EngineName */

/**
 * @param {EngineName} engine
 * @param {number} frameSize
 */
async function encryptPair(engine, frameSize) {
  return interleaved(
    () =>
      pipeline(
        memorySource(plaintext, CHUNK, SIZE),
        createEncryptStream({ keys, frameSize, engine }),
        nullSink(),
      ),
    () => pipeline(memorySource(plaintext, CHUNK, SIZE), createCipheriv('aes-256-gcm', key, iv), nullSink()),
    { pairs: PAIRS, bytes: SIZE },
  );
}

/**
 * @param {EngineName} engine
 * @param {number} frameSize
 */
async function decryptPair(engine, frameSize) {
  const sealed = await encrypt(plaintext, { keys, frameSize });
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const raw = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const tag = cipher.getAuthTag();
  return interleaved(
    () =>
      pipeline(memorySource(sealed, CHUNK, sealed.length), createDecryptStream({ keys, engine }), nullSink()),
    () => {
      const decipher = createDecipheriv('aes-256-gcm', key, iv).setAuthTag(tag);
      return pipeline(memorySource(raw, CHUNK, raw.length), decipher, nullSink());
    },
    { pairs: PAIRS, bytes: MEMORY },
  );
}

const DIRECTIONS = /** @type {const} */ ([
  ['encrypt', encryptPair],
  ['decrypt', decryptPair],
]);

/** The engines that are measured: those that serve AES-256-GCM here at the speed of OpenSSL. */
function fastEngines() {
  const unavailable = engines().find(({ suite }) => suite === 'AES-256-GCM')?.unavailable ?? {};
  return /** @type {EngineName[]} */ (['native', 'node']).filter(
    (engine) => unavailable[engine] === undefined,
  );
}

/** Prints the ratios of the streams to the raw, unframed cipher stream: medians of interleaved pairs in one process. */
export async function printQuick() {
  console.log(`AES-256-GCM, 64 KiB chunks, memory to null sink, medians of ${PAIRS} interleaved pairs`);
  console.log('raw: one unframed message through createCipheriv / createDecipheriv\n');
  console.log(
    `${'case'.padEnd(34)}${'GB/s'.padStart(7)}${'raw'.padStart(7)}${'ratio'.padStart(8)}   p5 – p95`,
  );
  for (const engine of fastEngines()) {
    for (const [direction, pair] of DIRECTIONS) {
      for (const frameSize of [65_536, 4_096]) {
        const { a, b, ratios } = await pair(engine, frameSize);
        const name = `${engine}, ${direction}, ${frameSize / 1024} KiB frames`;
        const figures = [median(a), median(b)].map((value) => value.toFixed(2).padStart(7)).join('');
        const [low, high] = [quantile(ratios, 0.05).toFixed(2), quantile(ratios, 0.95).toFixed(2)];
        console.log(
          `${name.padEnd(34)}${figures}${median(ratios).toFixed(2).padStart(8)}   ${low} – ${high}`,
        );
      }
    }
  }
}
