import { describe, expect, it } from 'vitest';
import { openName, sealedName, temporaryName } from '../../../src/logs/archive/segment-name.js';
import { startArchive } from '../../../src/logs/segments/archive-start.js';
import { RecordedFiles } from '../../support/crash/recorded-files.js';
import type { ForgedSegment, ForgedUnit } from '../support/forged-archive.js';
import { archiveId, forgeArchive, torn } from '../support/forged-archive.js';

const directory = '/logs';
const ARCHIVE = { code: 'ERR_SEALPIPE_ARCHIVE' };
const unit = (first: number, ...lines: string[]): ForgedUnit => ({ lines, first, last: first + 9 });
const two = (archive?: string) =>
  forgeArchive([
    { units: [unit(1, 'a')], ...(archive !== undefined && { archive, label: `${archive}/0` }) },
    { units: [unit(2, 'b')], ...(archive !== undefined && { archive, label: `${archive}/1` }) },
  ]) as [ForgedSegment, ForgedSegment];

interface Left {
  readonly segments?: readonly Pick<ForgedSegment, 'name' | 'stream'>[];
  readonly archive?: string;
  readonly acknowledged?: object;
  readonly stored?: object;
  /** Other files in the folder of the archive. */
  readonly names?: readonly string[];
}

const folderOf = (archive?: string) => `${directory}/${archiveId(archive).toString('hex')}`;

/** A folder with what earlier writers left in it. */
function filesWith(...archives: Left[]): RecordedFiles {
  const state = new Map<string, Buffer>([[`${directory}/`, Buffer.alloc(0)]]);
  for (const { archive, segments = [], acknowledged, stored, names = [] } of archives) {
    const folder = folderOf(archive);
    state.set(`${folder}/`, Buffer.from(folder));
    for (const { name, stream } of segments) state.set(`${folder}/${name}`, stream);
    for (const [name, value] of Object.entries({ acknowledged, stored })) {
      if (value !== undefined) state.set(`${folder}/${name}`, Buffer.from(JSON.stringify(value).padEnd(512)));
    }
    for (const name of names) state.set(`${folder}/${name}`, Buffer.from(name));
  }
  return new RecordedFiles(state);
}

const start = (files: RecordedFiles, acceptLoss = false) => startArchive({ files, directory }, acceptLoss);
const sizeOf = ({ offsets }: ForgedSegment) => offsets.at(-1)!;
const entryOf = (segment: ForgedSegment) => ({
  index: segment.index,
  offset: sizeOf(segment),
  digest: segment.digest,
  whole: true,
  closed: false,
});

describe('a writer that starts', () => {
  it('continues after the last segment', async () => {
    const segments = two();
    const end = await start(filesWith({ segments }));
    expect(end).toMatchObject({ index: 2, predecessor: { index: 1, whole: true, loss: false } });
    expect(end.previous.toString('hex')).toBe(segments[1].digest);
  });

  it('begins another archive after one that is closed, unless the end of that is damaged', async () => {
    const segments = forgeArchive([{ units: [unit(1, 'a')] }, { closed: true }]);
    const next = await start(filesWith({ segments }));
    expect([next.index, next.archive.equals(archiveId())]).toEqual([0, false]);
    const cut = torn(segments[1]!, (stream) => stream.subarray(0, -1));
    const same = await start(filesWith({ segments: [segments[0]!, cut] }));
    expect([same.index, same.archive.equals(archiveId())]).toEqual([2, true]);
  });

  it('does not choose between two archives', async () => {
    const files = filesWith({ segments: two() }, { segments: two('another'), archive: 'another' });
    await expect(start(files)).rejects.toMatchObject({
      ...ARCHIVE,
      message: expect.stringContaining('more than one archive'),
    });
    const acknowledged = { index: 0, offset: 10, records: 1 };
    const lost = filesWith({ segments: two() }, { archive: 'another', acknowledged });
    await expect(start(lost)).rejects.toMatchObject(ARCHIVE);
    const empty = filesWith({ segments: two() }, { archive: 'another' });
    expect((await start(empty)).archive.equals(archiveId())).toBe(true);
  });

  it('believes no name', async () => {
    const [first, second] = two();
    const moved = { ...second, name: sealedName(2, { first: 1, last: 2 }) };
    await expect(start(filesWith({ segments: [first, moved] }))).rejects.toMatchObject(ARCHIVE);
    await expect(start(filesWith({ segments: two('another') }))).rejects.toMatchObject(ARCHIVE);
  });

  it('removes unfinished files, which nobody reads', async () => {
    const salt = '0123456789abcdef';
    const names = [temporaryName(2, salt), `acknowledged.${salt}.tmp`, `stored.${salt}.tmp`];
    const files = filesWith({ segments: two(), names: [...names, 'notes.txt'] });
    await start(files);
    expect((await files.names(folderOf())).sort()).toEqual([...two().map(({ name }) => name), 'notes.txt']);
  });
});

describe('a writer that starts with segments in a store', () => {
  it('continues after the last one if there is no file of it', async () => {
    const [, second] = two();
    const end = await start(filesWith({ stored: entryOf(second) }));
    expect([end.index, end.previous.toString('hex')]).toEqual([2, second.digest]);
  });

  it('compares the file with what is stored', async () => {
    const segments = two();
    expect(await start(filesWith({ segments, stored: entryOf(segments[1]) }))).toMatchObject({ index: 2 });
    const stored = { ...entryOf(segments[1]), digest: segments[0].digest };
    await expect(start(filesWith({ segments, stored }))).rejects.toMatchObject({
      ...ARCHIVE,
      message: expect.stringContaining('is not the segment that was stored'),
    });
  });

  it('takes a segment that was acknowledged further than it was stored for a loss', async () => {
    const [, second] = two();
    const stored = entryOf(second);
    const acknowledged = { index: 1, offset: sizeOf(second), records: 1, digest: '' };
    expect(await start(filesWith({ stored, acknowledged }))).toMatchObject({ index: 2 });
    const more = { ...acknowledged, offset: sizeOf(second) + 1 };
    await expect(start(filesWith({ stored, acknowledged: more }))).rejects.toMatchObject(ARCHIVE);
    expect(await start(filesWith({ stored, acknowledged: { ...more, index: 0 } }))).toMatchObject({
      predecessor: { loss: false },
    });
  });
});

describe('a writer that starts with less than was acknowledged', () => {
  const segments = two();
  const [first, second] = segments;
  const open = { ...second, name: openName(1) };

  it.each<[string, Left]>([
    ['the last segment is shorter', { acknowledged: { index: 1, offset: sizeOf(second) + 1, records: 1 } }],
    [
      'the last segment is another',
      { acknowledged: { index: 1, offset: sizeOf(second), records: 1, digest: first.digest } },
    ],
    ['an earlier segment is shorter', { acknowledged: { index: 0, offset: 1_000_000, records: 1 } }],
    ['a later segment is missing', { acknowledged: { index: 5, offset: 0, records: 0 } }],
  ])('stops if %s, or records the loss', async (_, left) => {
    const files = () => filesWith({ segments: [first, open], ...left });
    await expect(start(files())).rejects.toMatchObject({
      ...ARCHIVE,
      hint: expect.stringContaining('acceptLoss'),
    });
    const { acknowledged } = left as { acknowledged: { index: number } };
    const end = await start(files(), true);
    // No index is used twice, even if its segment is lost.
    expect(end.index).toBe(Math.max(1, acknowledged.index) + 1);
    expect(end.predecessor).toMatchObject({ loss: true, index: end.index - 1 });
  });

  it.each<[string, object]>([
    ['all of the last segment', { index: 1, offset: sizeOf(second), records: 1, digest: second.digest }],
    ['an earlier segment', { index: 0, offset: sizeOf(first), records: 1, digest: first.digest }],
  ])('has lost nothing if %s was acknowledged', async (_, acknowledged) => {
    const end = await start(filesWith({ segments: [first, open], acknowledged }));
    expect(end).toMatchObject({ index: 2, predecessor: { loss: false } });
  });
});
