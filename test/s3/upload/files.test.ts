import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { patterned } from '../../support/pieces.js';
import { onlyWhere } from '../../support/prerequisite.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { tempFolder } from '../../support/temp-folder.js';
import { MIB, opened, openUploads, stored, upload } from './uploads.js';

const here = fakeForTests();
const SIZE = 12 * MIB + 5;
let file = '';
let journal = '';

beforeEach(async () => {
  const folder = await tempFolder();
  [file, journal] = [join(folder, 'plain'), join(folder, 'uploads')];
  writeFileSync(file, patterned(SIZE));
});

describe('a file', () => {
  it('is uploaded from its beginning to its end, without a journal too', async () => {
    const report = await upload(here, pathToFileURL(file));
    expect(report.bytesIn).toBe(SIZE);
    expect((await opened(here)).equals(patterned(SIZE))).toBe(true);
    expect(stored(here)!.length).toBe(report.bytesOut);
  });

  it.each([undefined, 'journal'])(
    'that is cut or grows while it is read never becomes an object (%s)',
    async (kind) => {
      const given = kind === undefined ? {} : { journal };
      for (const size of [10, SIZE + 10]) {
        writeFileSync(file, patterned(SIZE));
        const onHeader = (): void => writeFileSync(file, patterned(size));
        await expect(upload(here, pathToFileURL(file), { ...given, onHeader })).rejects.toMatchObject({
          code: 'ERR_SEALPIPE_LENGTH',
        });
      }
      expect([stored(here), openUploads(here)]).toEqual([undefined, 0]);
    },
  );

  it.each([undefined, 'journal'])(
    'that is open is read from its beginning and stays open (%s)',
    async (kind) => {
      const handle = await open(file);
      await handle.read(Buffer.alloc(10));
      await upload(here, handle, kind === undefined ? {} : { journal });
      expect((await opened(here)).equals(patterned(SIZE))).toBe(true);
      await handle.close();
    },
  );

  it('that is a FIFO is refused at once, although nobody writes to it', async (context) => {
    onlyWhere(context, process.platform !== 'win32', 'Windows has no FIFOs');
    const fifo = join(await tempFolder(), 'fifo');
    execFileSync('mkfifo', [fifo]);
    await expect(upload(here, pathToFileURL(fifo))).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
  });

  it('that is a folder, or is not there, is refused', async () => {
    await expect(upload(here, pathToFileURL(journal))).rejects.toMatchObject({ code: 'ENOENT' });
    const folder = await tempFolder();
    await expect(upload(here, pathToFileURL(folder))).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
  });
});
