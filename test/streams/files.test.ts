import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sealedSize } from '../../src/format/sizes.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { outcomeOf } from '../support/outcome.js';
import { cutAt, patterned } from '../support/pieces.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { runs } from '../support/sample.js';
import { tempFolder } from '../support/temp-folder.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

const F = 65_536;
const LAYOUTS = ['fixed', 'record'] as const;

describe.each(LAYOUTS)('files, sealed and opened in the %s layout', (layout) => {
  it.each([0, 1, F - 1, F, F + 1, 3 * F + 5])('of %i bytes come back as they were', async (size) => {
    const folder = await tempFolder();
    const [plain, sealed, opened] = ['plain', 'sealed', 'opened'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(plain, patterned(size));
    const seal = createEncryptStream({ keys, layout, expectedLength: size });
    await pipeline(createReadStream(plain), seal, createWriteStream(sealed));
    await pipeline(createReadStream(sealed), createDecryptStream({ keys }), createWriteStream(opened));
    expect((await readFile(opened)).equals(patterned(size))).toBe(true);
    if (layout === 'fixed') expect((await stat(sealed)).size).toBe(sealedSize(size, seal.header!));
  });

  it('come back for every size and every way to cut them', async () => {
    const small = 4_096;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constantFrom(0, 1, small - 1, small, small + 1, 3 * small + 5), fc.nat(6 * small)),
        fc.array(fc.nat(6 * small), { maxLength: 40 }),
        fc.array(fc.nat(8 * small), { maxLength: 40 }),
        async (size, writes, reads) => {
          const plaintext = patterned(size);
          const seal = createEncryptStream({ keys, layout, frameSize: small });
          const sealed = await outcomeOf(seal, ...cutAt(plaintext, writes));
          const open = createDecryptStream({ keys });
          const opened = await outcomeOf(open, ...cutAt(sealed.bytes, reads));
          expect([sealed.error, opened.error, opened.ended]).toEqual([undefined, undefined, true]);
          expect(opened.bytes.equals(plaintext)).toBe(true);
        },
      ),
      { numRuns: runs(60) },
    );
  });

  it('come back byte by byte', async () => {
    const plaintext = patterned(10_000);
    const bytewise = (bytes: Uint8Array) => Readable.from(Array.from(bytes, (byte) => Uint8Array.of(byte)));
    const seal = createEncryptStream({ keys, layout, frameSize: 4_096 });
    const sealed = Buffer.concat(await bytewise(plaintext).pipe(seal).toArray());
    const opened = Buffer.concat(await bytewise(sealed).pipe(createDecryptStream({ keys })).toArray());
    expect(opened.equals(plaintext)).toBe(true);
  });
});
