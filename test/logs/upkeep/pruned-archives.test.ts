import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Checkpoint } from '../../../src/logs/archive/checkpoint.js';
import { pruneArchive } from '../../../src/logs/upkeep/prune-archive.js';
import { tempFolder } from '../../support/temp-folder.js';
import { keys } from '../../support/test-keys.js';
import { openWriter } from '../support/machine.js';
import { expectProof, readLines } from '../support/proved.js';

const HOUR = 3_600_000;
const START = 1_800_000_000_000;

/** An archive with a segment an hour. */
async function hours(count: number): Promise<{ directory: string; archive: string; folder: string }> {
  const directory = await tempFolder();
  const now = vi.spyOn(Date, 'now');
  let archive = '';
  for (let hour = 0; hour < count; hour++) {
    now.mockReturnValue(START + hour * HOUR);
    const writer = await openWriter(directory);
    archive = writer.archive;
    writer.append(`hour ${hour}`);
    await writer.end();
  }
  now.mockRestore();
  return { directory, archive, folder: join(directory, archive) };
}

const segmentsIn = (folder: string) => readdirSync(folder).filter((name) => /sealed$|open$/.test(name));

describe('an archive that is pruned', () => {
  it('loses what lies before a time, and verifies with the checkpoint that was kept', async () => {
    const { directory, archive, folder } = await hours(6);
    const kept: Checkpoint[] = [];
    const options = { directory, archive, keys, before: START + 3 * HOUR };
    const keep = async (checkpoint: Checkpoint) => {
      expect(segmentsIn(folder)).toHaveLength(6);
      kept.push(checkpoint);
    };
    const planned = await pruneArchive({ ...options, keep, dryRun: true });
    expect(kept).toEqual([]);
    const done = await pruneArchive({ ...options, keep });
    expect(done).toEqual(planned);
    expect(done.removed).toHaveLength(3);
    expect(kept).toEqual([{ ...done.checkpoint!, index: 2, records: 1 }]);
    expect(segmentsIn(folder)).toHaveLength(3);
    await expectProof(directory, kept[0]);
    const writer = await openWriter(directory);
    writer.append('later');
    await writer.end();
    await expectProof(directory, kept[0]);
  });

  it('keeps its last two segments, and everything if the checkpoint is not kept', async () => {
    const { directory, archive, folder } = await hours(4);
    const options = { directory, archive, keys, before: START + 100 * HOUR };
    const refuse = () => Promise.reject(new Error('no'));
    await expect(pruneArchive({ ...options, keep: refuse })).rejects.toThrow('no');
    expect(segmentsIn(folder)).toHaveLength(4);
    const writer = await openWriter(directory);
    await pruneArchive({ ...options, keep: async () => undefined });
    expect(segmentsIn(folder)).toHaveLength(2);
    writer.append('later');
    await writer.end();
    await (await openWriter(directory)).end();
  });

  it('goes by what is sealed, and not by names', async () => {
    const { directory, archive, folder } = await hours(4);
    const { renameSync } = await import('node:fs');
    const [name] = segmentsIn(folder);
    renameSync(join(folder, name!), join(folder, '000000000000-1-1.sealed'));
    const options = { directory, archive, keys, before: START - HOUR };
    expect(await pruneArchive({ ...options, keep: async () => undefined })).toEqual({
      removed: [],
      checkpoint: null,
      failure: null,
      keepsVersions: false,
    });
    expect(await readLines(directory)).toHaveLength(4);
  });
});
