// @ts-check
/*
 * One stream in a process of its own: prints its peak memory as JSON. Arguments: `sealpipe` or `raw`, and the size
 * in bytes.
 */
import { createCipheriv, randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { createEncryptStream, rawKey } from 'sealpipe';
import { peakMemory } from './peak-memory.mjs';
import { memorySource, nullSink } from './streams.mjs';

const [kind, size] = process.argv.slice(2);
const stream =
  kind === 'raw'
    ? createCipheriv('aes-256-gcm', randomBytes(32), randomBytes(12))
    : createEncryptStream({ keys: rawKey({ name: 'bench', key: randomBytes(32) }) });
await pipeline(memorySource(randomBytes(2 ** 20), 65_536, Number(size)), stream, nullSink());
console.log(JSON.stringify({ peak: peakMemory() }));
