import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyArchive } from '../../../src/logs/proof/verify-archive.js';
import { openLogReader } from '../../../src/logs/reader/log-reader.js';
import type { LogReaderOptions } from '../../../src/logs/reader/log-reader-options.js';
import { listArchives } from '../../../src/logs/upkeep/archive-listing.js';
import { pruneArchive } from '../../../src/logs/upkeep/prune-archive.js';
import { eventually } from '../../support/eventually.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { tempFolder } from '../../support/temp-folder.js';
import { keys } from '../../support/test-keys.js';
import { openStoring, segmentsIn } from '../support/stored.js';

const here = fakeForTests();

async function linesOf(options: Partial<LogReaderOptions>): Promise<string[]> {
  const lines: string[] = [];
  for await (const { line } of await openLogReader({ keys, ...options })) lines.push(String(line));
  return lines;
}

/** A folder whose first two segments are stored and gone, and whose third one is not stored. */
async function spool(): Promise<{ directory: string; archive: string }> {
  const directory = await tempFolder();
  const writer = await openStoring(here, directory, { drain: 0 });
  for (const line of ['one', 'two']) {
    writer.append(line);
    await writer.rotate();
  }
  await eventually(() => expect(segmentsIn(directory, writer)).toEqual(['000000000002.open']));
  here.fake.fault({ on: 'PutObject', times: 1_000 }, { kind: 'refuse', status: 503, code: 'SlowDown' });
  writer.append('three');
  await writer.end();
  here.fake.clearFaults();
  return { directory, archive: writer.archive };
}

describe('the folder of a log writer whose segments are in the store', () => {
  it('is no archive without them: reading and proof say where they are', async () => {
    const { directory } = await spool();
    const error = {
      code: 'ERR_SEALPIPE_ARCHIVE',
      message: expect.stringContaining('segments 0 to 1 are not in this folder, but in S3'),
    };
    const hint = expect.stringContaining('s3://');
    await expect(linesOf({ directory })).rejects.toMatchObject({ ...error, hint });
    const { verified, archives } = await verifyArchive({ directory, keys });
    expect(verified).toBe(false);
    expect(archives[0]).toMatchObject({
      gaps: [{ from: 0, to: 1 }],
      problems: [{ ...error, segment: null }],
    });
  });

  it('is not taken for an archive without lines once it is empty', async () => {
    const directory = await tempFolder();
    const writer = await openStoring(here, directory);
    writer.append('one');
    await writer.end();
    const error = {
      code: 'ERR_SEALPIPE_ARCHIVE',
      message: expect.stringContaining(
        'has no segment in this folder. By its file "stored", those up to 0 are in S3',
      ),
      hint: expect.stringContaining('s3://'),
    };
    await expect(linesOf({ directory })).rejects.toMatchObject(error);
    await expect(linesOf({ directory, last: 3 })).rejects.toMatchObject(error);
    const { verified, archives } = await verifyArchive({ directory, keys });
    const { code, message } = error;
    expect({ verified, problems: archives[0]?.problems }).toEqual({
      verified: false,
      problems: [{ code, message, segment: null }],
    });
  });

  it('is listed with what is in S3, and not as a gap', async () => {
    const { directory, archive } = await spool();
    const listed = { archive, segments: [{ segment: 2 }], gaps: [], inStore: [{ from: 0, to: 1 }] };
    expect(await listArchives({ directory })).toMatchObject([listed]);
    const empty = await tempFolder();
    const writer = await openStoring(here, empty);
    writer.append('one');
    await writer.end();
    expect(await listArchives({ directory: empty })).toEqual([
      { archive: writer.archive, segments: [], gaps: [], inStore: [{ from: 0, to: 0 }] },
    ]);
    // What the file does not cover is missing.
    const path = join(directory, archive, 'stored');
    writeFileSync(path, '{"index":0}');
    const gaps = [{ from: 1, to: 1 }];
    expect(await listArchives({ directory })).toMatchObject([{ gaps, inStore: [{ from: 0, to: 0 }] }]);
    rmSync(path);
    expect(await listArchives({ directory })).toMatchObject([{ gaps: [{ from: 0, to: 1 }], inStore: [] }]);
  });

  it('is not pruned: what is not stored yet would never be', async () => {
    const { directory, archive } = await spool();
    const before = Date.now() + 1_000;
    const names = segmentsIn(directory, { archive });
    await expect(
      pruneArchive({ directory, archive, keys, before, keep: async () => undefined }),
    ).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_ARCHIVE',
      message: expect.stringContaining('in S3 up to 1'),
      hint: expect.stringContaining('s3://'),
    });
    expect(segmentsIn(directory, { archive })).toEqual(names);
  });

  it('explains no gap that it does not cover, whatever it holds', async () => {
    const { directory, archive } = await spool();
    const path = join(directory, archive, 'stored');
    for (const text of ['', '{', 'null', '[]', '{"index":"9"}', '{"index":0}', ' '.repeat(100_000)]) {
      writeFileSync(path, text);
      const error = { message: expect.stringContaining('segments 0 to 1 are missing') };
      await expect(linesOf({ directory })).rejects.toMatchObject(error);
    }
  });
});
