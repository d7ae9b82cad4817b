import { appendFileSync, truncateSync } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileDecryption } from '../../src/files/file-decryption.js';
import { FileEncryption } from '../../src/files/file-encryption.js';
import { sealedSize } from '../../src/format/sizes.js';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { servedSuites } from '../reference/served-suites.js';
import { patterned } from '../support/pieces.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { tempFolder } from '../support/temp-folder.js';
import { keys } from '../support/test-keys.js';
import { MemoryFile } from './memory-file.js';
import { repeating, sealedByStreams } from './sealed-by-streams.js';

expectQuietProcess();

const MIB = 1_048_576;
const ignored = () => undefined;

/** Seals and opens in memory, and compares with what the streams make of the same. */
async function expectTheSame(size: number, options: Parameters<typeof sealedByStreams>[1]): Promise<void> {
  const plaintext = patterned(size);
  const ends = { source: new MemoryFile(plaintext), sink: new MemoryFile() };
  const seal = new FileEncryption(ends, { ...options, keys: repeating }, ignored);
  await seal.run();
  const sealed = ends.sink.written;
  expect(sealed.equals(await sealedByStreams(plaintext, options, sealed))).toBe(true);
  expect([seal.bytesIn, seal.bytesOut, seal.header?.frameSize]).toEqual([
    size,
    sealedSize(size, seal.header!),
    options.frameSize,
  ]);
  const back = { source: new MemoryFile(sealed), sink: new MemoryFile() };
  const opening = new FileDecryption(back, { keys, engine: options.engine }, ignored);
  await opening.run();
  expect(back.sink.written.equals(plaintext)).toBe(true);
  expect([opening.bytesIn, opening.bytesOut]).toEqual([sealed.length, size]);
  expect(opening.framesOut).toBe(seal.framesOut);
}

describe.each(servedSuites())('a file sealed with $name', ({ suite, engine }) => {
  const frameSize = 4_096;

  it.each([0, 1, frameSize - 1, frameSize, frameSize + 1, 5 * frameSize + 7])(
    'of %i bytes is what the streams make of it, and opens',
    (size) => expectTheSame(size, { suite, engine: engine.name, frameSize }),
  );
});

describe.each([4_096, 65_536, MIB])('a file in frames of %i bytes', (frameSize) => {
  // A block holds 1 MiB of plaintext.
  it.each([
    frameSize - 1,
    frameSize,
    frameSize + 1,
    MIB - 1,
    MIB,
    MIB + 1,
    3 * MIB,
    4 * MIB + frameSize,
    7 * MIB + 12_345,
  ])('of %i bytes is what the streams make of it, and opens', (size) =>
    expectTheSame(size, { suite: 'AES-256-GCM', frameSize }),
  );
});

describe('a real file', () => {
  it.each([0, 1, 65_536, MIB, 3 * MIB + 1])('of %i bytes goes there and back', async (size) => {
    const folder = await tempFolder();
    const plaintext = patterned(size);
    await writeFile(join(folder, 'plain'), plaintext);
    for (const [from, to, Run] of [
      ['plain', 'sealed', FileEncryption],
      ['sealed', 'opened', FileDecryption],
    ] as const) {
      const source = await open(join(folder, from));
      const sink = await open(join(folder, to), 'wx');
      await new Run({ source, sink }, { keys }, ignored).run();
      await Promise.all([source.close(), sink.close()]);
    }
    expect((await readFile(join(folder, 'opened'))).equals(plaintext)).toBe(true);
    expect((await decrypt(await readFile(join(folder, 'sealed')), { keys })).equals(plaintext)).toBe(true);
  });

  it('is read and written from where it stands', async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'plain'), 'skipped, kept');
    await writeFile(join(folder, 'sealed'), 'before ');
    const source = await open(join(folder, 'plain'));
    await source.read(Buffer.alloc(9), 0, 9);
    const sink = await open(join(folder, 'sealed'), 'a');
    await new FileEncryption({ source, sink }, { keys }, ignored).run();
    await sink.write(' behind');
    await Promise.all([source.close(), sink.close()]);
    const bytes = await readFile(join(folder, 'sealed'));
    expect(String(bytes.subarray(0, 7)) + String(bytes.subarray(-7))).toBe('before  behind');
    expect(String(await decrypt(bytes.subarray(7, -7), { keys }))).toBe('kept');
  });
});

describe('a file that changes while it is read', () => {
  /** Seals a file of 3 MiB; at the second write `change` may do something to it. */
  async function sealWhile(change: (path: string) => void): Promise<Buffer> {
    const path = join(await tempFolder(), 'plain');
    await writeFile(path, patterned(3 * MIB));
    const source = await open(path);
    const sink = new MemoryFile(undefined, { onBegin: (at) => void (at === 1 && change(path)) });
    await new FileEncryption({ source, sink }, { keys }, ignored).run();
    await source.close();
    return decrypt(sink.written, { keys });
  }

  it('is taken as it is found: longer', async () => {
    const opened = await sealWhile((path) => appendFileSync(path, Buffer.alloc(2 * MIB, 7)));
    const expected = Buffer.concat([patterned(3 * MIB), Buffer.alloc(2 * MIB, 7)]);
    expect(opened.equals(expected)).toBe(true);
  });

  it('is taken as it is found: shorter', async () => {
    const opened = await sealWhile((path) => truncateSync(path, 100));
    expect(opened.length).toBeLessThan(3 * MIB);
    expect(opened.equals(patterned(3 * MIB).subarray(0, opened.length))).toBe(true);
  });
});

it('the record layout is refused: its home are the streams', async () => {
  const ends = { source: new MemoryFile(), sink: new MemoryFile() };
  const refusal = { name: 'RangeError', code: 'ERR_SEALPIPE_OPTIONS' };
  expect(() => new FileEncryption(ends, { keys, layout: 'record' }, ignored)).toThrow(
    expect.objectContaining(refusal),
  );
  const source = new MemoryFile(await encrypt('x', { keys, layout: 'record' }));
  const run = new FileDecryption({ source, sink: ends.sink }, { keys }, ignored).run();
  await expect(run).rejects.toMatchObject(refusal);
});
