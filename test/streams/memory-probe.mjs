// Seals and opens MIB mebibytes through the built package, and prints in bytes the peak of this process's memory and of
// what is alive in it. Garbage is collected all the time: what waits for it says nothing about the streams.
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const [entry, layout, mib] = process.argv.slice(2);
const { createDecryptStream, createEncryptStream, rawKey } = await import(String(entry));
const keys = rawKey({ name: 'probe', key: Buffer.alloc(32, 1) });
const CHUNK = 65_536;

let left = Number(mib) * 16;
let alive = 0;
const source = new Readable({
  highWaterMark: CHUNK,
  read() {
    this.push(left-- > 0 ? Buffer.alloc(CHUNK, left) : null);
  },
});
let taken = 0;
const sink = new Writable({
  highWaterMark: CHUNK,
  write(chunk, _encoding, done) {
    taken += chunk.length;
    if (taken % (4 * 1_048_576) < chunk.length) {
      globalThis.gc?.();
      const { arrayBuffers, heapUsed } = process.memoryUsage();
      alive = Math.max(alive, arrayBuffers + heapUsed);
    }
    setImmediate(done);
  },
});
await pipeline(source, createEncryptStream({ keys, layout }), createDecryptStream({ keys }), sink);
console.log(JSON.stringify({ taken, alive, peak: process.resourceUsage().maxRSS * 1_024 }));
