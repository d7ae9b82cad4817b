import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemFiles } from '../../../src/files/heads/system-files.js';
import { systemProcesses } from '../../../src/logs/archive/lock/process-identity.js';
import type { LogStream } from '../../../src/logs/writer/lines/log-stream.js';
import { openOn } from '../../../src/logs/writer/open-log-writer.js';
import type { LogWriterOptions } from '../../../src/logs/writer/options/log-options.js';
import { logSettings } from '../../../src/logs/writer/options/log-options.js';
import { eventually } from '../../support/eventually.js';
import { tempFolder } from '../../support/temp-folder.js';
import { keys } from '../../support/test-keys.js';
import { contentsOf, filesBelow, textOf } from '../support/archive-contents.js';
import { FaultyFiles } from '../support/faulty-files.js';
import { openWriter } from '../support/machine.js';

const MIB = 1_048_576;

/** Writes chunks to the stream of a writer, one after the other, and ends it. */
async function streamed(chunks: readonly unknown[], options: Partial<LogWriterOptions> = {}) {
  const directory = await tempFolder();
  const writer = await openWriter(directory, options);
  const closed = new Promise((resolve) => writer.stream.once('close', resolve));
  for (const chunk of chunks) writer.stream.write(chunk);
  writer.stream.end();
  await closed;
  return { segments: await contentsOf(filesBelow(directory)), writer };
}

describe('chunks that are written to the stream of a log', () => {
  it('become the lines that they hold, wherever they are cut, as text and as bytes', async () => {
    const letter = fc.constantFrom('a', '\n', 'é', '€', '😀', '\r', '\0');
    const text = fc.array(letter, { maxLength: 60 }).map((letters) => letters.join(''));
    const cuts = fc.array(fc.nat(200), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(text, cuts, fc.constantFrom(1, 7, 64, 65_536), async (written, places, bytes) => {
        const all = Buffer.from(written);
        const starts = [0, ...places.map((place) => Math.min(place, all.length)).sort((a, b) => a - b)];
        const pieces = starts.map((start, i) => all.subarray(start, starts[i + 1] ?? all.length));
        const chunks = [
          ...pieces.map((piece, i) => (i % 2 ? new Uint8Array(piece) : piece)),
          `${written}\nend`,
        ];
        const { segments } = await streamed(chunks, { flush: { bytes }, compress: false });
        expect(textOf(segments)).toEqual(`${written}${written}\nend`.split('\n'));
      }),
      { numRuns: 25 },
    );
  });

  it('may be far longer than what is encoded at a time: lines, one line, characters of two units', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `row ${i} ${'é'.repeat(i % 9)}`);
    const long = `x${'😀'.repeat(70_000)}`;
    const { segments } = await streamed([`${rows.join('\n')}\n${long}\n`, `${long}`]);
    expect(textOf(segments)).toEqual([...rows, long, long]);
  });

  it('may be text of any encoding', async () => {
    const directory = await tempFolder();
    const writer = await openWriter(directory);
    writer.stream.write('6f6e650a', 'hex');
    writer.stream.write('tw\xe9\n', 'latin1');
    writer.stream.write('three', 'utf-8');
    await new Promise<void>((resolve) => writer.stream.end(resolve));
    const [segment] = await contentsOf(filesBelow(directory));
    expect(segment!.lines.map((line) => line.toString('latin1'))).toEqual(['one', 'tw\xe9', 'three']);
  });

  it('go on beside lines that are appended, which may hold newlines', async () => {
    const directory = await tempFolder();
    const writer = await openWriter(directory, { compress: false });
    writer.stream.write('one\ntwo\nthr');
    writer.append('of\nits own');
    writer.stream.write('ee\nfour\n');
    await writer.flush();
    writer.stream.write('five\nsix\n');
    await writer.end();
    const lines = ['one', 'two', 'of\nits own', 'three', 'four', 'five', 'six'];
    const [segment] = await contentsOf(filesBelow(directory));
    expect(textOf([segment!])).toEqual(lines);
    expect(writer.positions.durable).toEqual({ bytes: lines.join('\n').length + 1, records: lines.length });
  });

  it('are flushed after as many bytes as lines that are appended', async () => {
    const line = `${'y'.repeat(99)}\n`;
    const { segments } = await streamed([line.repeat(2_000)], { compress: false, flush: { bytes: 1_000 } });
    const sizes = segments[0]!.units.flatMap((unit) => (unit.type === 'lines' ? [unit.text.length] : []));
    expect(sizes).toEqual(Array.from({ length: 200 }, () => 1_000));
  });

  it('share larger units if the writer is opened so: what came at once is one flush', async () => {
    const directory = await tempFolder();
    const given = {
      keys,
      directory,
      compress: false,
      flush: { bytes: 1_000, interval: 86_400_000 },
    } as const;
    const machine = { files: systemFiles, processes: systemProcesses() };
    const writer = await openOn(machine, logSettings(given, 100_000));
    const line = `${'y'.repeat(99)}\n`;
    writer.stream.write(line.repeat(2_500));
    await eventually(() => expect(writer.positions.written.records).toBe(2_500));
    writer.stream.write(line.repeat(9));
    writer.stream.write(line.repeat(11).slice(0, -50));
    await eventually(() => expect(writer.positions.written.records).toBe(2_519));
    await writer.end();
    const [segment] = await contentsOf(filesBelow(directory));
    const sizes = segment!.units.flatMap((unit) => (unit.type === 'lines' ? [unit.text.length] : []));
    expect(sizes).toEqual([100_000, 100_000, 50_000, 1_900]);
  });

  it('may be as long as an archive holds, although others wait: a stream refuses none', async () => {
    const longest = Buffer.alloc(16 * MIB, 'x');
    const { segments } = await streamed(['short\n', longest, '\nend'], { compress: false });
    expect(segments[0]!.lines.map(({ length }) => length)).toEqual([5, 16 * MIB, 3]);
  });

  it('are dropped and counted line by line, if there is no room', async () => {
    const directory = await tempFolder();
    const files = new FaultyFiles(systemFiles);
    const writer = await openWriter(directory, { compress: false, onFull: 'drop' }, files);
    let goOn = (_: undefined): void => undefined;
    const gate = new Promise<undefined>((resolve) => {
      goOn = resolve;
    });
    files.fault = ({ call, path }) => (call === 'write' && path.endsWith('.open') ? gate : undefined);
    const line = `${'z'.repeat(MIB / 4 - 1)}\n`;
    for (let i = 0; i < 20; i++) writer.stream.write(line.repeat(4));
    expect(writer.dropped).toBe(16);
    goOn(undefined);
    await writer.end();
    const [segment] = await contentsOf(filesBelow(directory));
    expect(segment!.lines).toHaveLength(64);
    expect(segment!.records).toMatchObject([{ kind: 'drop', lines: 16, bytes: 4 * MIB }]);
  });
});

describe('lines longer than a unit', () => {
  it('are flushed as soon as they have the bytes of a flush, whatever its interval', async () => {
    const writer = await openWriter(await tempFolder(), { compress: false, flush: { interval: 86_400_000 } });
    writer.append('the first flush');
    await writer.flush();
    const line = 'x'.repeat(200_000);
    await writer.whenDurable(writer.append(line));
    for (let i = 0; i < 50; i++) {
      await new Promise<void>((resolve, reject) =>
        writer.stream.write(`${line}\n`, (error) => (error ? reject(error) : resolve())),
      );
    }
    await writer.whenDurable(writer.append(line));
    expect(writer.positions.durable.records).toBe(53);
    await writer.end();
  });
});

describe('a log writer whose source never pauses', () => {
  it('makes lines durable on the way, so that their memory is free', async () => {
    const directory = await tempFolder();
    const files = new FaultyFiles(systemFiles);
    const writer = await openWriter(directory, { compress: false }, files);
    let syncs = 0;
    files.fault = ({ call }) => {
      if (call === 'datasync') syncs += 1;
      return undefined;
    };
    for (let i = 0; i < 15 * 16; i++) writer.append(Buffer.alloc(MIB / 16 - 1, 'x'));
    await writer.flush();
    expect(syncs).toBeGreaterThanOrEqual(4);
    expect(writer.positions.durable.bytes).toBe(15 * MIB);
    await writer.end();
  });
});

describe('the stream of a log writer that ends, or is destroyed', () => {
  const line = `${'z'.repeat(MIB / 8 - 1)}\n`;

  /** A writer on a disk that stalls, whose stream holds lines back. */
  async function full() {
    const [directory, files] = [await tempFolder(), new FaultyFiles(systemFiles)];
    const writer = await openWriter(directory, { compress: false }, files);
    let goOn = (_: undefined): void => undefined;
    const gate = new Promise<undefined>((resolve) => {
      goOn = resolve;
    });
    files.fault = ({ call, path }) => (call === 'write' && path.endsWith('.open') ? gate : undefined);
    const { stream } = writer;
    const errors: unknown[] = [];
    stream.on('error', (error) => errors.push(error));
    for (let i = 0; i < 5; i++) stream.write(line.repeat(8));
    expect(writer.appended.records).toBe(32);
    const flushed = new Promise<unknown>((resolve) => stream.flush(resolve));
    return { directory, writer, stream, errors, flushed, goOn: () => goOn(undefined) };
  }

  it.each<[string, (stream: LogStream) => void]>([
    ['held back', () => undefined],
    ['written too late', (stream) => void stream.write('late\n')],
    ['destroyed', (stream) => void stream.destroy()],
  ])('has what it took before, and says what it did not take: %s', async (_, then) => {
    const { directory, writer, stream, flushed, errors, goOn } = await full();
    const end = writer.end();
    then(stream);
    goOn();
    expect((await end).positions.durable.records).toBe(32);
    expect(await flushed).toBeInstanceOf(Error);
    if (errors.length > 0) expect(errors).toEqual([await flushed]);
    expect(textOf(await contentsOf(filesBelow(directory)))).toHaveLength(32);
  });

  it.each<[string, (stream: LogStream) => void]>([
    ['a line', (stream) => void stream.write('late\n')],
    ['the end of an unfinished line', (stream) => void stream.end()],
  ])('has what it took before if more comes while the writer ends: %s', async (_, then) => {
    const directory = await tempFolder();
    const writer = await openWriter(directory);
    const failed = new Promise((resolve) => writer.stream.once('error', resolve));
    writer.stream.write('one\ntwo\nunfinished');
    const end = writer.end();
    then(writer.stream);
    expect(await failed).toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
    expect((await end).positions.durable.records).toBe(2);
    expect(textOf(await contentsOf(filesBelow(directory)))).toEqual(['one', 'two']);
  });

  it('tells a flush behind lines that were not taken when it was destroyed', async () => {
    const { writer, stream, flushed, goOn } = await full();
    stream.destroy();
    const after = new Promise<unknown>((resolve) => stream.flush(resolve));
    goOn();
    for (const error of [await flushed, await after]) {
      expect((error as Error).message).toContain('destroyed before it took these lines');
    }
    expect((await writer.end()).positions.durable.records).toBe(32);
  });
});
