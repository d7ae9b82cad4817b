import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemFiles } from '../../../src/files/heads/system-files.js';
import { systemProcesses } from '../../../src/logs/archive/lock/process-identity.js';
import { closeArchive } from '../../../src/logs/upkeep/close-archive.js';
import { tempFolder } from '../../support/temp-folder.js';
import { keys } from '../../support/test-keys.js';
import { contentsOf, filesBelow, textOf } from '../support/archive-contents.js';
import { FaultyFiles } from '../support/faulty-files.js';
import { openWriter, written } from '../support/machine.js';
import { expectProof } from '../support/proved.js';

const ARCHIVE = { code: 'ERR_SEALPIPE_ARCHIVE' };

describe('an archive that is closed', () => {
  it('ends with an empty segment that says so, and another one begins', async () => {
    const { directory, folder } = await written();
    const checkpoint = await closeArchive({ keys, directory, encryptionContext: { app: 'shop' } });
    const segments = await contentsOf(filesBelow(directory));
    const last = segments.at(-1)!;
    expect(last.header.chain).toMatchObject({ index: 1, closed: true });
    expect(last).toMatchObject({ whole: true, units: [], name: '000000000001-0-0.sealed' });
    expect(checkpoint).toEqual({
      archive: folder.slice(-32),
      index: 1,
      offset: 20,
      digest: last.digest.toString('hex'),
      records: 0,
      closed: true,
    });
    expect(await expectProof(directory, checkpoint)).toMatchObject({ closed: true });
    expect(await closeArchive({ keys, directory })).toBeUndefined();
    const writer = await openWriter(directory);
    expect(writer.archive).not.toBe(checkpoint!.archive);
    writer.append('of the next archive');
    await writer.end();
    const after = await contentsOf(filesBelow(directory));
    expect(after.filter(({ index }) => index === 0)).toHaveLength(2);
    expect(textOf(after).sort()).toEqual(['of the next archive', 'one', 'two']);
  });

  it('is not there in an empty folder, or in none', async () => {
    const directory = await tempFolder();
    expect(await closeArchive({ keys, directory })).toBeUndefined();
    expect(await closeArchive({ keys, directory: join(directory, 'missing') })).toBeUndefined();
  });

  it('stays open with the error of the system if its folder cannot be made durable', async () => {
    const { directory } = await written();
    const files = new FaultyFiles(systemFiles);
    files.fault = ({ call }) => (call === 'syncFolder' ? 'EIO' : undefined);
    const machine = { files, processes: systemProcesses() };
    await expect(closeArchive({ keys, directory }, machine)).rejects.toMatchObject({ code: 'EIO' });
    expect(await closeArchive({ keys, directory })).toMatchObject({ closed: true });
  });

  it('is not closed over a loss', async () => {
    const { directory, folder, segment } = await written();
    truncateSync(join(folder, segment), readFileSync(join(folder, segment)).length - 30);
    await expect(closeArchive({ keys, directory })).rejects.toMatchObject(ARCHIVE);
  });
});
