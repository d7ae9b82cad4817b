import { expect, it } from 'vitest';
import { FORMAT_LIMITS } from '../../../src/format/preamble.js';
import type { ArchiveStore } from '../../../src/logs/archive/archive-store.js';
import { FolderStore } from '../../../src/logs/archive/archive-store.js';
import { examine } from '../../../src/logs/proof/segment-examination.js';
import { decryptSettings } from '../../../src/session/decrypt-options.js';
import { tempFolder } from '../../support/temp-folder.js';
import type { ForgedSegment } from '../support/forged-archive.js';
import { archiveId, forgeArchive, placeArchive } from '../support/forged-archive.js';
import { keys } from '../support/reading.js';

const ARCHIVE = archiveId().toString('hex');

it('bytes that are read wrongly once do not pass for a crash', async () => {
  const directory = await tempFolder();
  const [segment] = forgeArchive([
    { units: [{ lines: ['a'], first: 1, last: 2 }] },
    { units: [{ lines: ['b'], first: 3, last: 4 }] },
  ]) as [ForgedSegment];
  await placeArchive(directory, [segment]);
  const folder = new FolderStore(directory);
  let [reads, closed] = [0, 0];
  const open: ArchiveStore['open'] = async (archive, name) => {
    const source = await folder.open(archive, name);
    return {
      size: (signal) => source.size(signal),
      read: async (start, end, signal) => {
        const bytes = Buffer.from(await source.read(start, end, signal));
        // All bytes are digested from the first one on. Then the frames are read, wrongly, and then once more.
        if (start === segment.preambleSize && reads++ === 0) bytes[9]! ^= 1;
        return bytes;
      },
      close: async () => {
        closed += 1;
        await source.close?.();
      },
    };
  };
  const store: ArchiveStore = Object.assign(Object.create(folder), { open });
  const settings = decryptSettings({ keys });
  const stop = new AbortController().signal;
  const terms = { store, archive: ARCHIVE, settings, limits: FORMAT_LIMITS, stop };
  const examined = examine(terms, folder.segmentOf(segment.name)!, { at: undefined, isLast: false });
  await expect(examined).rejects.toMatchObject({ code: 'ERR_SEALPIPE_CHANGED', retryable: true });
  expect([reads, closed]).toEqual([2, 1]);
});
