import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openLogReader, openReaderAt } from '../../../src/logs/reader/log-reader.js';
import { encodeIndexUnit } from '../../../src/logs/units/unit.js';
import { tempFolder } from '../../support/temp-folder.js';
import type { ForgedSegment, ForgedUnit } from '../support/forged-archive.js';
import { archiveId, forgeArchive, forgeSegment, placeArchive, torn } from '../support/forged-archive.js';
import { keys, readLog, readOut } from '../support/reading.js';

const unit = (first: number, ...lines: string[]): ForgedUnit => ({ lines, first, last: first + 9 });
const three = (): ForgedSegment[] =>
  forgeArchive([
    { units: [unit(1_000, 'a', 'b'), unit(1_010, 'c')] },
    {
      units: [unit(2_000, 'd'), { control: { kind: 'heartbeat', records: 1 }, time: 2_050 }],
      compression: { coding: 'gzip', level: 1 },
    },
    { units: [unit(3_000, 'e'), unit(3_010, 'f')] },
  ]);
const ALL = ['a', 'b', 'c', 'd', 'e', 'f'];
const ARCHIVE = 'ERR_SEALPIPE_ARCHIVE';

async function placed(
  segments: readonly Pick<ForgedSegment, 'name' | 'stream'>[],
  archive?: string,
): Promise<string> {
  const directory = await tempFolder();
  await placeArchive(directory, segments, archive);
  return directory;
}

describe('a log reader, told what to read', () => {
  it('merges several archives by time', async () => {
    const directory = await placed(three());
    const other = [unit(1_005, 'A'), unit(2_500, 'B'), unit(9_000, 'C')];
    await placeArchive(directory, [forgeSegment({ index: 0, archive: 'other', units: other })], 'other');
    expect((await readLog(directory)).lines).toEqual(['a', 'b', 'A', 'c', 'd', 'B', 'e', 'f', 'C']);
    const archive = archiveId('other').toString('hex');
    expect((await readLog(directory, { archive })).lines).toEqual(['A', 'B', 'C']);
    expect((await readLog(directory, { last: 4 })).lines).toEqual(['B', 'e', 'f', 'C']);
  });

  it('goes on with the other archives if one fails and the caller wants to know that', async () => {
    const [first, , third] = three();
    const directory = await placed([first!, third!]);
    const other = [unit(1_005, 'A'), unit(2_500, 'B'), unit(9_000, 'C')];
    await placeArchive(directory, [forgeSegment({ index: 0, archive: 'other', units: other })], 'other');
    const failures: unknown[] = [];
    const onArchiveFailure = (archive: string, error: unknown) => failures.push([archive, error]);
    const reader = await openReaderAt({ directory, keys }, { onArchiveFailure });
    expect((await readOut(reader)).lines).toEqual(['A', 'B', 'C']);
    const failure = expect.objectContaining({ code: ARCHIVE });
    expect(failures).toEqual([[archiveId().toString('hex'), failure]]);
    expect(await readLog(directory)).toMatchObject({ code: ARCHIVE, lines: [] });
  });

  it('gives the last lines of the archives that can be read, however many lines the others would have had', async () => {
    const directory = await placed(three());
    const many = forgeArchive([{ units: [unit(5_000, ...'ghijkl')] }, { units: [unit(6_000, 'm', 'n')] }]);
    const cut = many[0]!.stream.subarray(0, -1);
    await placeArchive(directory, [{ ...many[0]!, stream: cut }, many[1]!], 'other');
    const twice = { ...many[0]!, name: '000000000000.open' };
    await placeArchive(directory, [many[0]!, twice], 'third');
    const failures: string[] = [];
    const onArchiveFailure = (archive: string) => failures.push(archive);
    const reader = await openReaderAt({ directory, keys, last: 3 }, { onArchiveFailure });
    expect((await readOut(reader)).lines).toEqual(ALL.slice(-3));
    const ids = ['other', 'third'].map((label) => archiveId(label).toString('hex'));
    expect(failures.sort()).toEqual(ids.sort());
  });

  it('leaves out no line of another archive after one failed that had more lines than it said', async () => {
    const directory = await placed(three().slice(0, 2));
    const entries = [{ frame: 0, offset: 0, records: 0, first: 900, last: 909 }];
    const said = { raw: encodeIndexUnit({ records: 1, entries }) };
    const units = [unit(900, 'A', 'B', 'C'), { raw: Buffer.alloc(1) }, said];
    const failing = forgeSegment({ index: 0, archive: 'other', units, indexed: false });
    await placeArchive(directory, [failing], 'other');
    const failures: string[] = [];
    const onArchiveFailure = (archive: string) => failures.push(archive);
    const reader = await openReaderAt({ directory, keys, last: 5 }, { onArchiveFailure });
    expect((await readOut(reader)).lines).toEqual(['A', 'B', 'C', ...ALL.slice(0, 4)]);
    expect(failures).toEqual([archiveId('other').toString('hex')]);
  });

  it.each([true, false])(
    'ends for all archives if it is aborted or closed (aborted: %s)',
    async (aborted) => {
      const directory = await placed(three());
      const other = [unit(1_005, 'A'), unit(9_000, 'C')];
      await placeArchive(directory, [forgeSegment({ index: 0, archive: 'other', units: other })], 'other');
      const stop = new AbortController();
      const failures: unknown[] = [];
      const reader = await openReaderAt(
        { directory, keys, signal: stop.signal },
        { onArchiveFailure: (_archive, error) => failures.push(error) },
      );
      const batches = reader.batches();
      await batches.next();
      if (aborted) stop.abort();
      else await reader.close();
      const rest = (async () => {
        for await (const batch of batches) expect(batch.lines).toBeDefined();
      })();
      if (aborted) await expect(rest).rejects.toMatchObject({ name: 'AbortError' });
      else await rest;
      expect(failures).toEqual([]);
    },
  );

  it.each([0, 1, 2, 3, 5, 6, 9])('gives the last %i lines', async (last) => {
    const { lines, report } = await readLog(await placed(three()), { last });
    expect(lines).toEqual(last === 0 ? [] : ALL.slice(-last));
    expect(report.archives[0]!.opened).toBe(last <= 2 ? 1 : last === 3 ? 2 : 3);
  });

  it('refuses a folder without an archive, and options that it does not know', async () => {
    const directory = await tempFolder();
    await expect(openLogReader({ directory, keys })).rejects.toMatchObject({ code: ARCHIVE });
    await expect(openLogReader({ directory: join(directory, 'no'), keys })).rejects.toMatchObject({
      code: 'ENOENT',
    });
    await placeArchive(directory, three());
    await expect(openLogReader({ directory: pathToFileURL(directory), keys })).resolves.toBeDefined();
    await expect(openLogReader({ directory: new URL('http://x/'), keys })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_OPTIONS',
    });
    const wrong = [
      { sinse: 1 },
      { since: 'today' },
      { last: 1, since: 1 },
      { follow: true, until: 1 },
      { archive: 'x' },
      { since: Number.NaN },
    ];
    for (const options of wrong) {
      const opening = openLogReader({ directory, keys, ...options } as never);
      await expect(opening).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
    }
  });

  it('begins behind segments that were removed, if it has the checkpoint of the last one', async () => {
    const segments = three();
    const directory = await placed(segments.slice(1));
    expect(await readLog(directory)).toMatchObject({ lines: [], code: ARCHIVE });
    const archive = archiveId().toString('hex');
    const offset = segments[0]!.offsets.at(-1)!;
    const checkpoint = { archive, index: 0, offset, digest: segments[0]!.digest, records: 3, closed: false };
    expect(await readLog(directory, { checkpoint })).toMatchObject({
      lines: ['d', 'e', 'f'],
      code: undefined,
    });
    const closing = { ...checkpoint, closed: true };
    expect(await readLog(directory, { checkpoint: closing })).toMatchObject({ lines: [], code: ARCHIVE });
    const another = { ...checkpoint, digest: '0'.repeat(64) };
    expect(await readLog(directory, { checkpoint: another })).toMatchObject({ lines: [], code: ARCHIVE });
  });

  it('holds an archive to a checkpoint within it', async () => {
    const segments = three();
    const directory = await placed(segments);
    const archive = archiveId().toString('hex');
    const right = {
      archive,
      index: 2,
      offset: segments[2]!.offsets.at(-1)!,
      digest: segments[2]!.digest,
      records: 2,
      closed: false,
    };
    expect((await readLog(directory, { checkpoint: right })).lines).toEqual(ALL);
    const cut = torn(segments[2]!, (stream) => stream.subarray(0, -1));
    await rm(join(directory, archive, segments[2]!.name));
    await placeArchive(directory, [cut]);
    expect(await readLog(directory, { checkpoint: right })).toMatchObject({
      lines: ALL.slice(0, 4),
      code: ARCHIVE,
    });
    const elsewhere = { ...right, archive: '0'.repeat(32) };
    await expect(openLogReader({ directory, keys, checkpoint: elsewhere })).rejects.toMatchObject({
      code: ARCHIVE,
    });
  });
});
