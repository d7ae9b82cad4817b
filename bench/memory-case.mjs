// @ts-check
/*
 * One stream in a process of its own: prints its peak memory as JSON. Arguments: `sealpipe` or `raw`, and the size
 * in bytes.
 */
import { createCipheriv, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createEncryptStream, rawKey } from 'sealpipe';
import { memorySource, nullSink } from './streams.mjs';

/** Linux hands `maxRSS` down from the parent process; `VmHWM` is this process's own. */
function peakMemory() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const [, kibibytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}

const [kind, size] = process.argv.slice(2);
const stream =
  kind === 'raw'
    ? createCipheriv('aes-256-gcm', randomBytes(32), randomBytes(12))
    : createEncryptStream({ keys: rawKey({ name: 'bench', key: randomBytes(32) }) });
await pipeline(memorySource(randomBytes(2 ** 20), 65_536, Number(size)), stream, nullSink());
console.log(JSON.stringify({ peak: peakMemory() }));
