import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { expect, it, type TestContext } from 'vitest';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { fileDigest, writePatternFile } from '../support/file-source.js';
import { onlyWhere } from '../support/prerequisite.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { wholeRun } from '../support/sample.js';
import { tempFolder } from '../support/temp-folder.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

const MIB = 1_048_576;
const always = () => undefined;
const whenWhole = (context: TestContext) => onlyWhere(context, wholeRun, 'a long test (SEALPIPE_WHOLE=1)');

it.for([
  ['fixed', wholeRun ? 32 : 8, always],
  ['record', wholeRun ? 32 : 8, always],
  ['fixed', 1_024, whenWhole],
  ['record', 1_024, whenWhole],
] as const)(
  'a file in the %s layout of %i MiB comes back with the same digest',
  { timeout: 300_000 },
  async ([layout, mib, needs], context) => {
    needs(context);
    const folder = await tempFolder();
    const path = (name: string) => join(folder, name);
    const size = mib * MIB;
    await writePatternFile(path('plain'), size);
    const seal = createEncryptStream({ keys, layout, expectedLength: size });
    await pipeline(createReadStream(path('plain')), seal, createWriteStream(path('sealed')));
    const digest = await fileDigest(path('plain'));
    await rm(path('plain'));
    const open = createDecryptStream({ keys });
    await pipeline(createReadStream(path('sealed')), open, createWriteStream(path('opened')));
    expect([seal.bytesIn, open.bytesOut]).toEqual([size, size]);
    expect(await fileDigest(path('opened'))).toBe(digest);
  },
);
