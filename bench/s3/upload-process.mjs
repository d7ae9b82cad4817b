// @ts-check
/*
 * One uploader in its own process: takes the case as JSON, prints what its upload cost as JSON.
 */
import { Agent } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { createEncryptStream, rawKey } from 'sealpipe';
import { encryptObject } from 'sealpipe/s3';
import { given } from '../child.mjs';
import { costOf } from '../measure/cost.mjs';
import { peakMemory } from '../measure/peak-memory.mjs';
import { KIB, MIB } from '../sizes.mjs';
import { nodeSource, randomMemory } from '../streams/input.mjs';

/**
 * @typedef {object} UploadCase
 * @property {'sealpipe' | 'lib-storage' | 'idle'} kind
 * @property {number} size bytes of plaintext; 0: nothing is uploaded
 * @property {number} warmUp bytes of an upload before that one
 * @property {number} port
 * @property {string} ca
 */

/**
 * @typedef {object} UploadRun
 * @property {number} seconds
 * @property {number} cpu seconds
 * @property {number} peak bytes, of the whole process
 */

const PART = { size: 8 * MIB, atOnce: 4 };

/** @type {UploadCase} */
const { kind, size, warmUp, port, ca } = given();
const client = new S3Client({
  region: 'us-east-1',
  endpoint: `https://127.0.0.1:${port}`,
  forcePathStyle: true,
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  requestHandler: { httpsAgent: new Agent({ ca, keepAlive: true, maxSockets: 50 }) },
});
const keys = rawKey({ name: 'bench', key: Buffer.alloc(32, 1) });
const memory = randomMemory(16 * MIB);

if (warmUp > 0) await upload(warmUp);
const { seconds, cpu } = await costOf(() => (size > 0 ? upload(size) : Promise.resolve()));
console.log(JSON.stringify({ seconds, cpu, peak: peakMemory() }));
client.destroy();

/** @param {number} length */
async function upload(length) {
  const body = nodeSource({ memory, size: length, chunkSize: 64 * KIB });
  if (kind === 'sealpipe') {
    await encryptObject({
      client,
      bucket: 'the-bucket',
      key: 'k',
      body,
      keys,
      partSize: PART.size,
      concurrency: PART.atOnce,
    });
    return;
  }
  const seal = createEncryptStream({ keys });
  const params = { Bucket: 'the-bucket', Key: 'k', Body: seal };
  const sent = new Upload({ client, params, partSize: PART.size, queueSize: PART.atOnce });
  await Promise.all([sent.done(), pipeline(body, seal)]);
}
