import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** Writes a file of `size` bytes that do not repeat in step with frames. */
export async function writePatternFile(path: string, size: number): Promise<void> {
  const block = Buffer.alloc(1_048_583);
  for (let i = 0; i < block.length; i++) block[i] = (i * 31 + (i >> 7) * 17) & 255;
  const file = await open(path, 'w');
  try {
    for (let left = size; left > 0; left -= block.length) {
      block.writeUInt32BE(left >>> 0, 0);
      await file.write(block, 0, Math.min(left, block.length));
    }
  } finally {
    await file.close();
  }
}

/** SHA-256 of a file, in hex. */
export async function fileDigest(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1_048_576 }), hash);
  return hash.digest('hex');
}
