import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { LogPosition } from '../../../src/logs/writer/lines/log-position.js';
import type { LogWriterOptions } from '../../../src/logs/writer/options/log-options.js';
import { RecordedFiles } from '../../support/crash/recorded-files.js';
import { contentsOf, textOf } from '../support/archive-contents.js';
import type { FileCall } from '../support/faulty-files.js';
import { FaultyFiles } from '../support/faulty-files.js';
import { openWriter, rebooted } from '../support/machine.js';

const MANY = 5_000;
/** So many batches wait, and as many are not safe. */
const BATCHES = 256;
const numbered = (word: string, count: number) => Array.from({ length: count }, (_, i) => `${word} ${i}`);
const lines = numbered('line', MANY);

const isWrite = ({ call, path }: FileCall) => call === 'write' && path.endsWith('.open');

/** A writer on a disk in memory, on which every write takes a turn of the event loop. */
async function opened(options: Partial<LogWriterOptions> = {}) {
  const disk = new RecordedFiles(new Map());
  const files = new FaultyFiles(disk);
  files.fault = (call) => (isWrite(call) ? turn(undefined) : undefined);
  const writer = await openWriter('/logs', { compress: false, ...options }, files, rebooted());
  return { writer, files, disk };
}

describe('a log writer that is asked for more than it can do', () => {
  it('lets flushes share batches and promises: none is held for each of them', async () => {
    const { writer, disk } = await opened();
    const flushes = new Set<Promise<void>>();
    for (const line of lines) {
      writer.append(line);
      flushes.add(writer.flush());
    }
    expect(flushes.size).toBeLessThanOrEqual(BATCHES + 8);
    await Promise.all(flushes);
    expect(writer.positions.durable.records).toBe(MANY);
    await writer.end();
    const segments = await contentsOf(disk.state);
    expect(textOf(segments)).toEqual(lines);
    const units = segments.flatMap((segment) => segment.units).filter(({ type }) => type === 'lines');
    expect(units.length).toBeLessThanOrEqual(BATCHES + 8);
  });

  it('lets them share also if every line is full enough for a flush, one by one and in chunks', async () => {
    const { writer, disk } = await opened({ flush: { bytes: 1 } });
    for (const line of lines) writer.append(line);
    writer.stream.write(`${lines.join('\n')}\n`);
    await writer.end();
    const segments = await contentsOf(disk.state);
    expect(textOf(segments)).toEqual([...lines, ...lines]);
    const units = segments.flatMap((segment) => segment.units).filter(({ type }) => type === 'lines');
    expect(units.length).toBeLessThanOrEqual(BATCHES + 8);
  });

  it('makes lines durable although a flush comes in every turn', async () => {
    const { writer } = await opened();
    let isSafe = false;
    let turns = 0;
    for (; turns < MANY && !isSafe; turns++) {
      writer.append('a line');
      void writer.flush().then(() => {
        isSafe = true;
      });
      await turn();
    }
    expect(turns).toBeLessThan(2 * BATCHES);
    await writer.end();
    expect(writer.positions.durable.records).toBe(turns);
  });

  it('rotates behind the lines before, although a flush comes in every turn', async () => {
    const { writer, disk } = await opened();
    let isRotated = false;
    let turns = 0;
    writer.append('before');
    void writer.rotate().then(() => {
      isRotated = true;
    });
    for (; turns < MANY && !isRotated; turns++) {
      writer.append(`after ${turns}`);
      void writer.flush();
      await turn();
    }
    expect(turns).toBeLessThan(2 * BATCHES);
    await writer.end();
    const [first, second] = await contentsOf(disk.state);
    expect(first!.lines[0]!.toString()).toBe('before');
    expect(textOf([first!, second!])).toEqual(['before', ...numbered('after', turns)]);
  });

  it('rotates behind the lines of the caller, although a full segment ends before them', async () => {
    const { writer, disk } = await opened({ rotate: { bytes: 4_096 } });
    writer.append('x'.repeat(5_000));
    void writer.flush();
    writer.append('mine');
    await writer.rotate();
    const segments = await contentsOf(disk.state);
    expect(segments.find((segment) => textOf([segment]).includes('mine'))).toMatchObject({ whole: true });
    await writer.end();
  });

  it('makes a checkpoint of all lines before it', async () => {
    const { writer } = await opened();
    for (const line of lines) {
      writer.append(line);
      void writer.flush();
    }
    expect(await writer.checkpoint()).toMatchObject({ index: 0, records: MANY });
    expect(writer.positions.durable.records).toBe(MANY);
    await writer.end();
  });

  it('rotates and ends behind lines that were kept back', async () => {
    const { writer, disk } = await opened();
    for (const line of lines) {
      writer.append(line);
      void writer.flush();
    }
    const rotated = writer.rotate();
    for (const line of lines) {
      writer.append(line);
      void writer.flush();
    }
    await writer.end();
    await rotated;
    expect(textOf(await contentsOf(disk.state))).toEqual([...lines, ...lines]);
  });
});

describe('the waits for positions of a log', () => {
  it('share a promise for a flush, whenever they begin', async () => {
    const { writer } = await opened();
    const positions: LogPosition[] = [];
    for (const [i, line] of lines.entries()) {
      positions.push(writer.append(line));
      if (i % 1_000 === 999) void writer.flush();
    }
    const waits = [...positions].reverse().map((position) => writer.whenWritten(position));
    expect(new Set(waits).size).toBe(MANY / 1_000);
    await Promise.all(waits);
    await writer.end();
  });

  it('do not wait for what comes behind their flush, although somebody waits for that as well', async () => {
    const { writer, files } = await opened();
    let goOn = (): void => undefined;
    const stalled = new Promise<undefined>((resolve) => {
      goOn = () => resolve(undefined);
    });
    let writes = 0;
    files.fault = (call) => (isWrite(call) && ++writes > 1 ? stalled : undefined);
    const first = writer.append('first');
    void writer.flush();
    const last = writer.whenWritten(writer.append('last'));
    void writer.flush();
    await writer.whenWritten(first);
    expect(writer.positions.written.records).toBe(1);
    goOn();
    await last;
    await writer.end();
  });
});
