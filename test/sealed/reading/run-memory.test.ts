import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSealed } from '../../../src/sealed/reading/open-sealed.js';
import { RunMemory } from '../../../src/sealed/reading/run-memory.js';
import { encrypt } from '../../../src/session/one-shot.js';
import { readHeader } from '../../../src/streams/read-header.js';
import { patterned } from '../../support/pieces.js';
import { tempFolder } from '../../support/temp-folder.js';
import { keys } from '../../support/test-keys.js';

const plaintext = patterned(5 * 1_048_576 + 17);
const sealed = await encrypt(plaintext, { keys, frameSize: 65_536 });
const { preambleSize } = await readHeader(sealed);

it('the third run has the memory of the first, unless it is longer', () => {
  const memory = new RunMemory();
  const [first, second] = [memory.next()(20), memory.next()(20)];
  expect(second.buffer).not.toBe(first.buffer);
  const [third, fourth] = [memory.next()(10), memory.next()(21)];
  expect(third.buffer).toBe(first.buffer);
  expect(third).toHaveLength(10);
  expect(fourth.buffer).not.toBe(second.buffer);
  expect(fourth).toHaveLength(21);
});

it('all of a file is read into two runs of memory, and no piece of it shares any', async () => {
  const path = join(await tempFolder(), 'sealed');
  await writeFile(path, sealed);
  await using handle = await open(path);
  const memories = new Set<ArrayBufferLike>();
  const watched = {
    fd: handle.fd,
    stat: handle.stat.bind(handle),
    readv: handle.readv.bind(handle),
    read(memory: Uint8Array, offset: number, length: number, position: number) {
      if (position > preambleSize) memories.add(memory.buffer);
      return handle.read(memory, offset, length, position);
    },
  };
  await using reader = await openSealed(watched, { keys });
  const pieces: Buffer[] = [];
  for await (const piece of reader.createReadStream({ start: 100_000 })) pieces.push(piece);
  expect(Buffer.concat(pieces).equals(plaintext.subarray(100_000))).toBe(true);
  expect(new Set(pieces.map(({ buffer }) => buffer)).size).toBe(pieces.length);
  // One more holds the last frame, which is verified before anything else.
  expect(memories.size).toBeLessThanOrEqual(3);
});

it('another source is not asked to read into memory', async () => {
  const asked: unknown[][] = [];
  const source = {
    size: async () => sealed.length,
    async read(...terms: [number, number, AbortSignal]) {
      asked.push(terms);
      return sealed.subarray(terms[0], terms[1]);
    },
  };
  await using reader = await openSealed(source, { keys });
  for await (const piece of reader.createReadStream()) expect(piece.length).toBeGreaterThan(0);
  expect(new Set(asked.map(({ length }) => length))).toEqual(new Set([3]));
});
