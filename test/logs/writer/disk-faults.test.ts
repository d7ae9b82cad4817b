import { describe, expect, it } from 'vitest';
import { systemFiles } from '../../../src/files/heads/system-files.js';
import type { LogWriter } from '../../../src/logs/writer/log-writer.js';
import { randomOf } from '../../support/sample.js';
import { tempFolder } from '../../support/temp-folder.js';
import { contentsOf, filesBelow, textOf } from '../support/archive-contents.js';
import type { FileCall } from '../support/faulty-files.js';
import { FaultyFiles } from '../support/faulty-files.js';
import { openWriter } from '../support/machine.js';
import { recordNonces } from '../support/nonce-recorder.js';

const isSegment = ({ path }: FileCall) => path.endsWith('.open');

/** Appends numbered lines, a flush each ten. */
async function write(writer: LogWriter, from: number, to: number): Promise<void> {
  for (let i = from; i < to; i++) {
    writer.append(`line ${i} ${'x'.repeat(i % 50)}`);
    if (i % 10 === 9) await writer.flush();
  }
}

const expected = (count: number) =>
  Array.from({ length: count }, (_, i) => `line ${i} ${'x'.repeat(i % 50)}`);

/** Each line once, in its order, whatever came twice. */
const distinct = (lines: readonly string[]) => [...new Set(lines)];

describe('a disk that fails a log writer', () => {
  it('takes a frame in parts: the rest is written on, and nothing is sealed twice', async () => {
    const [directory, files, sealed] = [await tempFolder(), new FaultyFiles(systemFiles), recordNonces()];
    const random = randomOf('short writes');
    files.fault = (call) =>
      call.call === 'write' && isSegment(call) ? Math.ceil(random() * (call.size ?? 1)) : undefined;
    const writer = await openWriter(directory, {}, files);
    await write(writer, 0, 200);
    await writer.end();
    const segments = await contentsOf(filesBelow(directory));
    expect(textOf(segments)).toEqual(expected(200));
    expect(segments.map(({ whole }) => whole)).toEqual([true]);
    expect(sealed()).toMatchObject({ twice: [], keys: 1 });
    expect(files.overwritten).toEqual([]);
  });

  it('is full for a while: what is held is written on in the same segment', async () => {
    const [directory, files, sealed] = [await tempFolder(), new FaultyFiles(systemFiles), recordNonces()];
    const writer = await openWriter(directory, {}, files);
    await write(writer, 0, 50);
    let left = 2;
    files.fault = (call) => {
      if (call.call !== 'write' || !isSegment(call) || left === 0) return undefined;
      left -= 1;
      return left === 1 ? 7 : 'ENOSPC';
    };
    await write(writer, 50, 100);
    await writer.end();
    const segments = await contentsOf(filesBelow(directory));
    expect(textOf(segments)).toEqual(expected(100));
    expect(segments.map(({ whole }) => whole)).toEqual([true]);
    expect(sealed()).toMatchObject({ twice: [], keys: 1 });
  });

  it.each(['EIO', 'EFBIG'])(
    'fails to write (%s): the segment is given up, and its lines go into the next one',
    async (code) => {
      const [directory, files, sealed] = [await tempFolder(), new FaultyFiles(systemFiles), recordNonces()];
      const writer = await openWriter(directory, {}, files);
      await write(writer, 0, 50);
      const durable = writer.positions.durable.records;
      let calls = 0;
      files.fault = (call) => {
        if (call.call !== 'write' || !call.path.endsWith('000000000000.open')) return undefined;
        calls += 1;
        return calls === 1 ? 9 : calls === 2 ? code : undefined;
      };
      await write(writer, 50, 100);
      await writer.end();
      const segments = await contentsOf(filesBelow(directory));
      expect(textOf(segments)).toEqual(expected(100));
      expect(segments.map(({ name, whole }) => [name.slice(-5), whole])).toEqual([
        ['.open', false],
        ['ealed', true],
      ]);
      expect(segments[1]!.records[0]).toMatchObject({
        kind: 'predecessor',
        index: 0,
        offset: segments[0]!.size - segments[0]!.header.preambleSize,
        whole: false,
        acknowledged: { index: 0, records: durable },
        loss: false,
      });
      expect(sealed()).toMatchObject({ twice: [], keys: 2 });
      expect(files.overwritten).toEqual([]);
    },
  );

  it('fails to sync: that is not tried again, and what was not durable is sealed once more', async () => {
    const [directory, files, sealed] = [await tempFolder(), new FaultyFiles(systemFiles), recordNonces()];
    const writer = await openWriter(directory, {}, files);
    await write(writer, 0, 50);
    const syncs: string[] = [];
    files.fault = (call) => {
      if (call.call !== 'datasync' || !isSegment(call)) return undefined;
      syncs.push(call.path.slice(-7, -5));
      return syncs.length === 1 ? 'EIO' : undefined;
    };
    const position = writer.append('the last one');
    await writer.whenDurable(position);
    expect(syncs).toEqual(['00', '01']);
    await writer.end();
    const segments = await contentsOf(filesBelow(directory));
    expect(textOf(segments)).toEqual([...expected(50), 'the last one', 'the last one']);
    expect(segments[1]!.records[0]).toMatchObject({ acknowledged: { index: 0, records: 50 } });
    expect(sealed()).toMatchObject({ twice: [], keys: 2 });
  });

  it('fails again and again: every line is there in the end, nothing is sealed twice', async () => {
    const [directory, files, sealed] = [await tempFolder(), new FaultyFiles(systemFiles), recordNonces()];
    const random = randomOf('disk faults');
    const writer = await openWriter(directory, { rotate: { bytes: 4_096 }, fsync: 'flush' }, files);
    let faults = 12;
    files.fault = (call) => {
      if (!isSegment(call) || faults === 0 || random() > 0.1) return undefined;
      if (call.call === 'write') {
        if (random() < 0.5) return Math.floor(random() * (call.size ?? 0)) || 1;
        faults -= 1;
        return random() < 0.3 ? 'ENOSPC' : 'EIO';
      }
      if (call.call !== 'datasync') return undefined;
      faults -= 1;
      return 'EIO';
    };
    for (let i = 0; i < 400; i++) writer.append(expected(400)[i]!);
    for (let i = 0; i < 40; i++) await writer.flush();
    files.fault = () => undefined;
    await writer.end();
    const segments = await contentsOf(filesBelow(directory));
    expect(distinct(textOf(segments))).toEqual(expected(400));
    expect(sealed().twice).toEqual([]);
    expect(files.overwritten).toEqual([]);
  });

  it('lets a name not become durable: the writer stops, and nothing more is acknowledged', async () => {
    const [directory, files] = [await tempFolder(), new FaultyFiles(systemFiles)];
    const writer = await openWriter(directory, {}, files);
    await write(writer, 0, 10);
    files.fault = ({ call }) => (call === 'syncFolder' ? 'EIO' : undefined);
    await expect(writer.end()).rejects.toMatchObject({ code: 'EIO' });
    expect(() => writer.append('more')).toThrow(expect.objectContaining({ code: 'EIO' }));
    files.fault = () => undefined;
    expect(textOf(await contentsOf(filesBelow(directory)))).toEqual(expected(10));
  });

  it('has too many files open for a moment while a name is made durable: the writer goes on', async () => {
    const [directory, files] = [await tempFolder(), new FaultyFiles(systemFiles)];
    const writer = await openWriter(directory, {}, files);
    await write(writer, 0, 10);
    let left = 3;
    files.fault = ({ call }) => (call === 'syncFolder' && left-- > 0 ? 'EMFILE' : undefined);
    await writer.rotate();
    expect(left).toBeLessThan(0);
    await write(writer, 10, 20);
    await writer.end();
    const segments = await contentsOf(filesBelow(directory));
    expect(textOf(segments)).toEqual(expected(20));
    expect(segments.map(({ whole }) => whole)).toEqual([true, true]);
  });

  it('is full for a moment at the end of a segment: the lines behind it are written without further ones', async () => {
    const [directory, files] = [await tempFolder(), new FaultyFiles(systemFiles)];
    const writer = await openWriter(directory, { rotate: { bytes: 4_096 }, compress: false }, files);
    writer.append('x'.repeat(5_000));
    await writer.flush();
    let left = 1;
    files.fault = (call) => (call.call === 'write' && isSegment(call) && left-- > 0 ? 'ENOSPC' : undefined);
    writer.append('behind it');
    await writer.flush();
    expect(writer.positions.durable.records).toBe(2);
    await writer.end();
  });

  it('is full for a moment at the last end: no further segment begins', async () => {
    const [directory, files] = [await tempFolder(), new FaultyFiles(systemFiles)];
    const writer = await openWriter(directory, {}, files);
    await write(writer, 0, 10);
    let left = 1;
    files.fault = (call) => (call.call === 'write' && isSegment(call) && left-- > 0 ? 'ENOSPC' : undefined);
    await writer.end();
    const segments = await contentsOf(filesBelow(directory));
    expect(segments.map(({ whole }) => whole)).toEqual([true]);
    expect(textOf(segments)).toEqual(expected(10));
  });

  it('before anything was made durable: a checkpoint comes all the same, and so does the end', async () => {
    const [directory, files] = [await tempFolder(), new FaultyFiles(systemFiles)];
    const writer = await openWriter(directory, {}, files);
    let syncs = 0;
    files.fault = ({ call, path }) =>
      call === 'datasync' && path.endsWith('.open') && syncs++ === 0 ? 'EIO' : undefined;
    const ended = writer.end();
    const asked = writer.checkpoint();
    expect(await asked).toMatchObject({ archive: writer.archive, records: 0 });
    await ended;
    expect(await writer.checkpoint()).toMatchObject({ archive: writer.archive, index: 1 });
  });
});
