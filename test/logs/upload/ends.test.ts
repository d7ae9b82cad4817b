import { readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemFiles } from '../../../src/files/heads/system-files.js';
import { closeArchive } from '../../../src/logs/upkeep/close-archive.js';
import { eventually } from '../../support/eventually.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { tempFolder } from '../../support/temp-folder.js';
import { keys } from '../../support/test-keys.js';
import { FaultyFiles } from '../support/faulty-files.js';
import { openWriter } from '../support/machine.js';
import { FAST, heardOnLogs, linesIn, objectsIn, openStoring, segmentsIn } from '../support/stored.js';

const here = fakeForTests();
const ALL = { on: () => true, times: Number.POSITIVE_INFINITY };
const MIB = 2 ** 20;

describe('the end of a log writer with a store', () => {
  it.each([
    ['with no time for uploads', 0],
    ['with a little time, and a store that answers nothing', 50],
  ])('%s names what is left, which goes up at the next start', async (_what, drain) => {
    const directory = await tempFolder();
    const writer = await openStoring(here, directory, { drain });
    here.fake.fault(ALL, { kind: 'stall request' });
    const position = writer.append('one');
    const stored = writer.whenStored(position);
    const { notStored, positions } = await writer.end();
    await expect(stored).rejects.toMatchObject({ code: 'ERR_SEALPIPE_STORE', retryable: true });
    const name = segmentsIn(directory, writer)[0]!;
    const bytes = readFileSync(join(directory, writer.archive, name)).length;
    expect(notStored).toEqual([{ archive: writer.archive, index: 0, bytes }]);
    expect(JSON.parse(JSON.stringify(notStored))).toEqual(notStored);
    expect([positions.durable.records, positions.stored.records]).toEqual([1, 0]);
    here.fake.clearFaults();
    const next = await openStoring(here, directory);
    next.append('two');
    await eventually(() => expect(segmentsIn(directory, next)).toEqual(['000000000001.open']));
    expect(await linesIn(here)).toEqual(['one']);
    expect((await next.end()).notStored).toEqual([]);
    expect(await linesIn(here)).toEqual(['one', 'two']);
  });

  it('waits for a slow disk before the next writer may have the folder', async () => {
    const [directory, files] = [await tempFolder(), new FaultyFiles(systemFiles)];
    let release = (): void => undefined;
    const slow = new Promise<undefined>((resolve) => {
      release = () => resolve(undefined);
    });
    let isAsked = false;
    files.fault = ({ call, path }) => {
      if (call !== 'rename' || !/stored\.[0-9a-f]+\.tmp$/.test(path)) return undefined;
      isAsked = true;
      return slow;
    };
    const pacing = { ...FAST, cleanUp: 1 };
    const writer = await openStoring(here, directory, { drain: 1 }, { files, pacing });
    writer.append('one');
    await writer.rotate();
    await eventually(() => expect(isAsked).toBe(true));
    let hasEnded = false;
    const end = writer.end().finally(() => {
      hasEnded = true;
    });
    await eventually(() => {
      expect(segmentsIn(directory, writer).every((name) => name.endsWith('.sealed'))).toBe(true);
    });
    // It waits for no upload: a writer that does not wait for the disk would have ended.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(hasEnded).toBe(false);
    await expect(openStoring(here, directory)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_LOCKED' });
    release();
    const { notStored } = await end;
    expect(notStored!.at(-1)).toMatchObject({ index: 1 });
    expect((await (await openStoring(here, directory)).end()).notStored).toEqual([]);
    expect(await linesIn(here)).toEqual(['one']);
  });

  it('does not wait for uploads any more once its signal is aborted', async () => {
    const directory = await tempFolder();
    const abort = new AbortController();
    const writer = await openStoring(here, directory, { drain: 86_400_000, signal: abort.signal });
    here.fake.fault(ALL, { kind: 'stall request' });
    writer.append('one');
    const end = writer.end();
    await eventually(() => expect(here.fake.seen.requests.length).toBeGreaterThan(0));
    abort.abort();
    expect((await end).notStored).toMatchObject([{ index: 0 }]);
    await writer.close();
    here.fake.clearFaults();
    expect((await (await openStoring(here, directory)).end()).notStored).toEqual([]);
    expect(await linesIn(here)).toEqual(['one']);
  });

  it('by a signal is at once, and leaves no part behind', async () => {
    const directory = await tempFolder();
    const abort = new AbortController();
    const writer = await openStoring(here, directory, { compress: false, signal: abort.signal });
    for (let i = 0; i < 10; i++) {
      writer.append(Buffer.alloc(MIB, `${i} `));
      await writer.flush();
    }
    const second = {
      on: (request: { operation: string; query: URLSearchParams }) =>
        request.operation === 'UploadPart' && request.query.get('partNumber') === '2',
    };
    here.fake.fault(second as never, { kind: 'stall request' });
    const ended = writer.rotate().then(() => writer.whenStored(writer.positions.durable));
    ended.catch(() => undefined);
    await eventually(() => expect(here.fake.seen.of('UploadPart').length).toBe(2));
    abort.abort();
    await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
    await writer.close();
    expect(here.fake.world.bucket(here.bucket).uploads.size).toBe(0);
    expect(objectsIn(here).size).toBe(0);
    expect(segmentsIn(directory, writer)).toHaveLength(2);
  });
});

describe('the start of a log writer with a store', () => {
  it('finds what a writer without one has left, torn segments too, and stores it in order', async () => {
    const directory = await tempFolder();
    const before = await openWriter(directory);
    for (const line of ['one', 'two', 'three']) {
      before.append(line);
      await before.rotate();
    }
    await before.end();
    // As a power cut would leave it.
    const folder = join(directory, before.archive);
    const last = segmentsIn(directory, before).sort().at(-1)!;
    renameSync(join(folder, last), join(folder, '000000000003.open'));
    const torn = readFileSync(join(folder, '000000000003.open'));
    truncateSync(join(folder, '000000000003.open'), torn.length - 20);
    const writer = await openStoring(here, directory, { acceptLoss: true });
    writer.append('four');
    await writer.end();
    expect(await linesIn(here)).toEqual(['one', 'two', 'three', 'four']);
    const sizes = [...objectsIn(here).values()].map(({ length }) => length);
    expect(sizes[3]).toBe(torn.length - 20);
    expect(sizes).toHaveLength(5);
    expect(segmentsIn(directory, writer)).toEqual([]);
  });

  it('says that a new archive begins, and only then', async () => {
    const directory = await tempFolder();
    const heard = heardOnLogs();
    const first = await openStoring(here, directory);
    await first.end();
    const second = await openStoring(here, directory);
    await second.end();
    const other = await openStoring(here, await tempFolder());
    await other.end();
    const begun = heard.filter(({ event }) => event === 'begun');
    expect(begun.map(({ archive }) => archive)).toEqual([first.archive, other.archive]);
    expect(second.archive).toBe(first.archive);
  });

  it('stores the rest of an archive that was closed, and begins another one behind it', async () => {
    const directory = await tempFolder();
    const first = await openStoring(here, directory);
    first.append('one');
    await first.end();
    await closeArchive({ keys, directory });
    for (const line of ['two', 'three']) {
      const next = await openStoring(here, directory);
      expect(next.archive).not.toBe(first.archive);
      next.append(line);
      await next.end();
    }
    const archives = new Set([...objectsIn(here).keys()].map((key) => key.split('/')[1]));
    expect(archives.size).toBe(2);
    expect([...objectsIn(here).keys()].filter((key) => key.includes(first.archive))).toHaveLength(2);
    expect((await linesIn(here)).sort()).toEqual(['one', 'three', 'two']);
  });

  it('refuses a folder whose files are gone although they were not stored', async () => {
    const directory = await tempFolder();
    const writer = await openStoring(here, directory);
    writer.append('one');
    await writer.end();
    const stored = join(directory, writer.archive, 'stored');
    const text = readFileSync(stored, 'utf8');
    expect(text).toHaveLength(512);
    writeFileSync(stored, 'damaged');
    await expect(openStoring(here, directory)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_ARCHIVE' });
    writeFileSync(stored, text);
    await (await openStoring(here, directory)).end();
  });
});
