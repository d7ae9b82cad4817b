// @ts-check
/*
 * One stream in its own process: takes the case as JSON, prints its peak memory as JSON. A decrypting stream reads from
 * a pipe what another process seals at the same time, so that no process holds all of the sealed bytes.
 */

import { spawn } from 'node:child_process';
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createDecryptStream, createEncryptStream, rawKey } from 'sealpipe';
import { given } from '../child.mjs';
import { peakMemory } from '../measure/peak-memory.mjs';
import { KIB, MIB } from '../sizes.mjs';
import { HIGH_WATER_MARK, nodeSource, randomMemory } from '../streams/input.mjs';
import { nodeSink } from '../streams/sinks.mjs';

/**
 * @typedef {object} MemoryCase
 * @property {'sealpipe' | 'raw'} kind
 * @property {import('../contenders/prepared.mjs').Direction} direction
 * @property {number} size bytes
 */

const MARKS = { readableHighWaterMark: HIGH_WATER_MARK, writableHighWaterMark: HIGH_WATER_MARK };
// Both processes need them.
const [key, nonce] = [Buffer.alloc(32, 1), Buffer.alloc(12, 2)];
const keys = rawKey({ name: 'bench', key });

/** @type {MemoryCase & { toPipe?: true }} */
const { kind, direction, size, toPipe } = given();
if (direction === 'encrypt') await seal();
else await open();
if (!toPipe) console.log(JSON.stringify({ peak: peakMemory() }));

async function seal() {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, MARKS);
  const stream = kind === 'raw' ? cipher : createEncryptStream({ keys });
  const source = nodeSource({ memory: randomMemory(MIB), size, chunkSize: 64 * KIB });
  await pipeline(source, stream, toPipe ? process.stdout : nodeSink());
  if (!toPipe) return;
  const tag = kind === 'raw' ? cipher.getAuthTag().toString('hex') : '';
  // A channel that is closed earlier may lose the message.
  process.send?.(tag, () => process.disconnect());
}

async function open() {
  const sealing = JSON.stringify({ kind, direction: 'encrypt', size, toPipe: true });
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
  });
  child.stdin?.end(sealing);
  const message = once(child, 'message');
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, MARKS);
  const stream = kind === 'raw' ? decipher : createDecryptStream({ keys });
  const sealed = async function* () {
    yield* child.stdout ?? [];
    const [tag] = await message;
    // The tag of the one long message is known only at its end.
    if (kind === 'raw') decipher.setAuthTag(Buffer.from(tag, 'hex'));
  };
  await pipeline(sealed, stream, nodeSink());
}
