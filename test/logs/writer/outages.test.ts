import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RecordedFiles } from '../../support/crash/recorded-files.js';
import { contentsOf, textOf } from '../support/archive-contents.js';
import { service } from '../support/key-service.js';
import { openWriter, rebooted } from '../support/machine.js';

const SECOND = 1_000;
const DIRECTORY = '/logs';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets a writer of lines run, a line a second, from one second to another. */
async function write(append: (line: string) => unknown, from: number, to: number): Promise<void> {
  for (let i = from; i < to; i++) {
    append(`line of second ${i}`);
    await vi.advanceTimersByTimeAsync(SECOND);
  }
}

describe('a log writer whose key service is down for a minute', () => {
  it('loses no line, asks in moderation, and rotates once the service is there again', async () => {
    const [files, { state, provider }] = [new RecordedFiles(new Map()), service()];
    const options = { keys: provider, rotate: { interval: 20 * SECOND }, compress: false } as const;
    const writer = await openWriter(DIRECTORY, options, files, rebooted());
    await write((line) => writer.append(line), 0, 10);
    state.isDown = true;
    const before = state.calls;
    await write((line) => writer.append(line), 10, 70);
    expect(state.calls - before).toBeGreaterThan(2);
    expect(state.calls - before).toBeLessThan(12);
    // Nothing waits: the open segment goes on.
    expect(writer.positions.durable.records).toBeGreaterThan(68);
    expect(await contentsOf(files.state)).toHaveLength(1);
    state.isDown = false;
    await write((line) => writer.append(line), 70, 130);
    await writer.end();
    const segments = await contentsOf(files.state);
    expect(textOf(segments)).toEqual(Array.from({ length: 130 }, (_, i) => `line of second ${i}`));
    expect(segments.every(({ whole }) => whole)).toBe(true);
    expect(segments.length).toBeGreaterThan(2);
    expect(state.made.every((key) => key.every((byte) => byte === 0))).toBe(true);
  });

  it.each(['block', 'drop'] as const)('holds lines back at last, and then: %s', async (onFull) => {
    const [files, { state, provider }] = [new RecordedFiles(new Map()), service()];
    const options = { keys: provider, rotate: { bytes: 4_096 }, compress: false, onFull } as const;
    const writer = await openWriter(DIRECTORY, options, files, rebooted());
    state.isDown = true;
    const line = 'x'.repeat(1_048_000);
    let refused = 0;
    const droppedAt: number[] = [];
    const append = () => {
      try {
        const before = writer.dropped;
        writer.append(line);
        if (writer.dropped > before) droppedAt.push(Date.now());
      } catch (error) {
        expect(error).toMatchObject({ code: 'ERR_SEALPIPE_LIMIT', retryable: true });
        refused += 1;
      }
    };
    await write(append, 0, 60);
    const taken = 60 - refused - writer.dropped;
    expect(taken).toBeLessThan(20);
    expect(onFull === 'block' ? writer.dropped : refused).toBe(0);
    state.isDown = false;
    await vi.advanceTimersByTimeAsync(60 * SECOND);
    await writer.end();
    const segments = await contentsOf(files.state);
    expect(segments.flatMap(({ lines }) => lines)).toHaveLength(taken);
    const drops = segments.flatMap(({ records }) => records.filter(({ kind }) => kind === 'drop'));
    const bytes = droppedAt.length * (line.length + 1);
    const [first, last] = [droppedAt[0], droppedAt.at(-1)];
    const record = { kind: 'drop', lines: writer.dropped, bytes, first, last };
    expect(drops).toEqual(onFull === 'block' ? [] : [record]);
    expect(onFull === 'block' || last! - first! > 30 * SECOND).toBe(true);
  });

  it('holds lines back once the open segment is a day old', async () => {
    const [files, { state, provider }] = [new RecordedFiles(new Map()), service()];
    const writer = await openWriter(DIRECTORY, { keys: provider, compress: false }, files, rebooted());
    state.isDown = true;
    for (let hour = 0; hour < 24; hour++) {
      writer.append(`line of hour ${hour}`);
      await vi.advanceTimersByTimeAsync(3_600 * SECOND);
      expect(writer.positions.durable.records).toBe(hour + 1);
    }
    writer.append('line of the next day');
    await vi.advanceTimersByTimeAsync(3_600 * SECOND);
    expect(writer.positions.written.records).toBe(24);
    state.isDown = false;
    await vi.advanceTimersByTimeAsync(60 * SECOND);
    expect(writer.positions.durable.records).toBe(25);
    await writer.end();
    expect((await contentsOf(files.state)).map(({ lines }) => lines.length)).toEqual([24, 1]);
  });
});

describe('what a log writer calls durable', () => {
  const durableAfter = async (fsync: 'flush' | 'segment' | 'never') => {
    const files = new RecordedFiles(new Map());
    const options = { rotate: { interval: 20 * SECOND }, compress: false, fsync } as const;
    const writer = await openWriter(DIRECTORY, options, files, rebooted());
    const durable: number[] = [];
    const told = () => durable.push(writer.positions.durable.records);
    await write((line) => writer.append(line), 0, 10);
    const { written } = writer.positions;
    told();
    await write((line) => writer.append(line), 10, 30);
    told();
    await writer.end();
    told();
    return { written: written.records, durable };
  };

  it('is what was flushed, with fsync: flush', async () => {
    const { written, durable } = await durableAfter('flush');
    expect(written).toBeGreaterThan(8);
    expect(durable).toEqual([written, expect.any(Number), 30]);
    expect(durable[1]).toBeGreaterThan(28);
  });

  it.each(['segment', 'never'] as const)('is what a whole segment holds, with fsync: %s', async (fsync) => {
    const { written, durable } = await durableAfter(fsync);
    expect(written).toBeGreaterThan(8);
    expect(durable).toEqual([0, expect.any(Number), 30]);
    expect(durable[1]).toBeGreaterThan(17);
    expect(durable[1]).toBeLessThan(23);
  });
});
