import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemFiles } from '../../../src/files/heads/system-files.js';
import { openLogReader } from '../../../src/logs/reader/log-reader.js';
import { RecordedFiles } from '../../support/crash/recorded-files.js';
import { eventually } from '../../support/eventually.js';
import { tempFolder } from '../../support/temp-folder.js';
import { keys } from '../../support/test-keys.js';
import { contentsOf, filesBelow, textOf } from '../support/archive-contents.js';
import { FaultyFiles } from '../support/faulty-files.js';
import { openWriter, rebooted } from '../support/machine.js';
import { expectProof } from '../support/proved.js';

const MIB = 1_048_576;
const LIMIT = { code: 'ERR_SEALPIPE_LIMIT' };
const FAKE = {
  toFake: ['setTimeout' as const, 'clearTimeout' as const, 'performance' as const, 'Date' as const],
};

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A disk on which writes to segments wait until it is told to go on. */
function stalled() {
  const files = new FaultyFiles(systemFiles);
  let goOn: () => void = () => undefined;
  const disk = {
    files,
    stall: () => {
      const gate = new Promise<undefined>((resolve) => {
        goOn = () => resolve(undefined);
      });
      files.fault = ({ call, path }) => (call === 'write' && path.endsWith('.open') ? gate : undefined);
    },
    goOn: () => {
      files.fault = () => undefined;
      goOn();
    },
  };
  return disk;
}

describe('a log writer whose disk stalls', () => {
  it('throws once 16 MiB wait, and takes lines again afterwards', async () => {
    const [directory, disk] = [await tempFolder(), stalled()];
    const writer = await openWriter(directory, { compress: false }, disk.files);
    disk.stall();
    let taken = 0;
    const line = Buffer.alloc(MIB - 1, 'x');
    expect(() => {
      for (;;) {
        writer.append(line);
        taken += 1;
      }
    }).toThrow(expect.objectContaining({ ...LIMIT, retryable: true }));
    expect(taken).toBe(16);
    const last = writer.flush();
    disk.goOn();
    await last;
    expect(writer.positions.written).toEqual({ bytes: 16 * MIB, records: 16 });
    writer.append('more');
    await writer.end();
    expect(textOf(await contentsOf(filesBelow(directory))).at(-1)).toBe('more');
  });

  it('drops lines if it is told to, and the archive says so in its place', async () => {
    const [directory, disk] = [await tempFolder(), stalled()];
    const writer = await openWriter(directory, { compress: false, onFull: 'drop' }, disk.files);
    disk.stall();
    const line = Buffer.alloc(MIB - 1, 'x');
    for (let i = 0; i < 20; i++) writer.append(line);
    expect(writer.dropped).toBe(4);
    const flushed = writer.flush();
    disk.goOn();
    await flushed;
    writer.append('more');
    const end = await writer.end();
    expect(end).toMatchObject({ dropped: 4, positions: { durable: { records: 17 } } });
    const [segment] = await contentsOf(filesBelow(directory));
    expect(segment!.records).toEqual([
      { kind: 'drop', lines: 4, bytes: 4 * MIB, first: expect.any(Number), last: expect.any(Number) },
    ]);
    const kinds = segment!.units.map(({ type }) => type);
    expect(kinds.slice(-3)).toEqual(['control', 'lines', 'index']);
    // Whoever reads or proves the archive learns of it.
    const { dropped, notProved } = await expectProof(directory);
    expect([dropped, notProved]).toEqual([4, expect.arrayContaining([expect.stringContaining('4 lines')])]);
    const reader = await openLogReader({ directory, keys });
    for await (const { lines } of reader.batches()) expect(lines.length).toBeGreaterThan(0);
    expect(reader.report.archives[0]!.dropped).toBe(4);
  });

  it('refuses a line over 16 MiB, and takes one of exactly that', async () => {
    const directory = await tempFolder();
    const writer = await openWriter(directory, { compress: false });
    expect(() => writer.append(Buffer.alloc(16 * MIB + 1))).toThrow(expect.objectContaining(LIMIT));
    expect(() => writer.append('€'.repeat(6 * MIB))).toThrow(expect.objectContaining(LIMIT));
    writer.append(Buffer.alloc(16 * MIB, 'long '));
    await writer.flush();
    writer.append('next');
    await writer.end();
    const [segment] = await contentsOf(filesBelow(directory));
    expect(segment!.lines.map(({ length }) => length)).toEqual([16 * MIB, 4]);
  });

  it('ends with what is in the way, if that lasts', async () => {
    vi.useFakeTimers(FAKE);
    const files = new FaultyFiles(new RecordedFiles(new Map()));
    const writer = await openWriter('/logs', {}, files, rebooted());
    writer.append('lost');
    files.fault = ({ call, path }) => (call === 'write' && path.endsWith('.open') ? 'ENOSPC' : undefined);
    const ended = vi.fn();
    const end = writer.end().catch(ended);
    await vi.advanceTimersByTimeAsync(4_900);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(600);
    await end;
    expect(ended.mock.calls).toMatchObject([[{ code: 'ENOSPC' }]]);
    files.fault = () => undefined;
    await (await openWriter('/logs', {}, files, rebooted())).end();
  });

  it('tries again also if its timers ring before their time', async () => {
    vi.useFakeTimers(FAKE);
    const inTime = globalThis.setTimeout;
    const early = (ring: () => void, delay = 0) => inTime(ring, delay > 1 ? delay - 1 : delay);
    vi.stubGlobal('setTimeout', early);
    const files = new FaultyFiles(new RecordedFiles(new Map()));
    const writer = await openWriter('/logs', {}, files, rebooted());
    writer.append('kept');
    let refused = 0;
    files.fault = ({ call }) => (call === 'write' && refused++ < 6 ? 'ENOSPC' : undefined);
    const end = writer.end();
    await vi.advanceTimersByTimeAsync(4_000);
    await end;
    expect(refused).toBeGreaterThan(5);
  });

  it('ends at once when its signal is aborted, and closes without another error', async () => {
    const [directory, disk, abort] = [await tempFolder(), stalled(), new AbortController()];
    const writer = await openWriter(directory, { signal: abort.signal }, disk.files);
    disk.stall();
    const position = writer.append('never written');
    void writer.flush().catch(() => undefined);
    abort.abort(new Error('enough'));
    await expect(writer.whenWritten(position)).rejects.toMatchObject({ name: 'AbortError' });
    expect(() => writer.append('more')).toThrow(expect.objectContaining({ name: 'AbortError' }));
    disk.goOn();
    await writer.close();
    await (await openWriter(directory)).end();
    expect((await contentsOf(filesBelow(directory))).map(({ whole }) => whole)).toEqual([false, true]);
  });
});

describe('the stream of a log writer', () => {
  it('cuts what comes into lines, the last one too', async () => {
    const directory = await tempFolder();
    const writer = await openWriter(directory);
    const text = 'one\ntwo\r\n\n\nlong'.concat('g'.repeat(200_000), '\nlast');
    const pieces: Buffer[] = [];
    for (let at = 0; at < text.length; at += 7_001) pieces.push(Buffer.from(text.slice(at, at + 7_001)));
    await pipeline(Readable.from(pieces), writer.stream);
    expect(textOf(await contentsOf(filesBelow(directory)))).toEqual(text.split('\n'));
    await writer.end();
  });

  it('holds its source back while the disk stalls, and flushes', async () => {
    const [directory, disk] = [await tempFolder(), stalled()];
    const writer = await openWriter(directory, { compress: false }, disk.files);
    disk.stall();
    let given = 0;
    const source = new Readable({
      highWaterMark: 65_536,
      read() {
        given += 1;
        this.push(given > 200 ? null : Buffer.alloc(65_536, 'line of a log\n'));
      },
    });
    const done = pipeline(source, writer.stream);
    await eventually(() => expect(given).toBeGreaterThan(60));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(given).toBeLessThan(80);
    disk.goOn();
    await done;
    expect(writer.positions.durable.bytes).toBe(200 * 65_536 + 1);
  });

  it('calls a flush back once its lines are durable', async () => {
    const directory = await tempFolder();
    const writer = await openWriter(directory, { flush: { interval: 60_000 } });
    writer.stream.write('one\ntw');
    await new Promise<void>((resolve, reject) => {
      writer.stream.flush((error) => (error ? reject(error) : resolve()));
    });
    expect(writer.positions.durable.records).toBe(1);
    writer.stream.end('o\n');
    await new Promise((resolve) => writer.stream.once('close', resolve));
    expect(textOf(await contentsOf(filesBelow(directory)))).toEqual(['one', 'two']);
  });

  it('fails with the writer', async () => {
    const [directory, files] = [await tempFolder(), new FaultyFiles(systemFiles)];
    const writer = await openWriter(directory, {}, files);
    files.fault = ({ call }) => (call === 'syncFolder' ? 'EIO' : undefined);
    const source = Readable.from([Buffer.from('one\n')]);
    await expect(pipeline(source, writer.stream)).rejects.toMatchObject({ code: 'EIO' });
  });
});
