import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunningWriter } from '../../../src/logs/writer/running-writer.js';
import { RecordedFiles } from '../../support/crash/recorded-files.js';
import { contentsOf, textOf } from '../support/archive-contents.js';
import type { FileCall } from '../support/faulty-files.js';
import { FaultyFiles } from '../support/faulty-files.js';
import { openWriter, rebooted } from '../support/machine.js';

/** Milliseconds between two syncs while lines keep coming. */
const PAUSE = 10;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const isSync = ({ call, path }: FileCall) => call === 'datasync' && path.endsWith('.open');

/** A writer, each line of which is a flush, on a clock that stands still, and when the segment was synced. */
async function opened(fsync: 'flush' | 'segment' = 'flush') {
  const disk = new RecordedFiles(new Map());
  const files = new FaultyFiles(disk);
  const syncs: number[] = [];
  files.fault = (call) => {
    if (isSync(call)) syncs.push(performance.now() - start);
    return undefined;
  };
  const options = { compress: false, fsync, flush: { bytes: 1 } } as const;
  const writer = await openWriter('/logs', options, files, rebooted());
  const start = performance.now();
  return { writer, files, disk, syncs };
}

/** Appends a line, and waits until it is written. */
async function write(writer: RunningWriter, line: string): Promise<void> {
  await writer.whenWritten(writer.append(line));
  // What follows upon that is done.
  await vi.advanceTimersByTimeAsync(0);
}

describe('the syncs of a log writer', () => {
  it('have a pause between them while lines keep coming, and one follows the last line', async () => {
    const { writer, syncs } = await opened();
    for (let i = 0; i < 35; i++) {
      await write(writer, `${i}`);
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(syncs).toEqual([0, PAUSE, 2 * PAUSE, 3 * PAUSE]);
    expect(writer.positions.written.records).toBe(35);
    expect(writer.positions.durable.records).toBe(30);
    await vi.advanceTimersByTimeAsync(PAUSE);
    expect(syncs).toEqual([0, PAUSE, 2 * PAUSE, 3 * PAUSE, 4 * PAUSE]);
    expect(writer.positions.durable.records).toBe(35);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(syncs).toHaveLength(5);
    await write(writer, 'after a while');
    expect(syncs).toHaveLength(6);
    await writer.end();
  });

  it.each<[string, (writer: RunningWriter) => Promise<unknown>]>([
    ['a line that is to be durable', (writer) => writer.whenDurable({ bytes: 0, records: 2 })],
    ['a flush', (writer) => writer.flush()],
    ['a flush of the stream', (writer) => new Promise((resolve) => writer.stream.flush(resolve))],
    ['a checkpoint', (writer) => writer.checkpoint()],
    ['a rotation', (writer) => writer.rotate()],
    ['the end', (writer) => writer.end()],
  ])('do not have it if somebody waits: %s', async (_, wait) => {
    const { writer, syncs, disk } = await opened();
    await write(writer, 'one');
    await write(writer, 'two');
    expect(syncs).toEqual([0]);
    expect(writer.positions.durable.records).toBe(1);
    await wait(writer);
    expect(syncs).toEqual([0, 0]);
    expect(writer.positions.durable.records).toBe(2);
    await writer.end();
    expect(textOf(await contentsOf(disk.state))).toEqual(['one', 'two']);
  });

  it('make durable all that is written if somebody waits for what comes behind it', async () => {
    const { writer, syncs } = await opened();
    await write(writer, 'one');
    await write(writer, 'two');
    await writer.whenDurable(writer.append('three'));
    expect(syncs).toEqual([0, 0]);
    expect(writer.positions.durable.records).toBe(3);
    await writer.end();
  });

  it('are not paid for with what is acknowledged: one that fails takes back what it was to make durable', async () => {
    const { writer, files, disk, syncs } = await opened();
    await write(writer, 'one');
    await write(writer, 'two');
    await write(writer, 'three');
    const { fault } = files;
    const durable: number[] = [];
    files.fault = (call) => {
      void fault(call);
      if (isSync(call)) durable.push(writer.positions.durable.records);
      return isSync(call) && syncs.length === 2 ? 'EIO' : undefined;
    };
    await vi.advanceTimersByTimeAsync(PAUSE);
    // Of the segment that is given up, and of the next one.
    expect(durable).toEqual([1, 1]);
    expect(writer.positions.durable.records).toBe(3);
    await writer.end();
    const segments = await contentsOf(disk.state);
    expect(segments.map(({ whole }) => whole)).toEqual([false, true]);
    expect(textOf(segments)).toEqual(['one', 'two', 'three', 'two', 'three']);
  });

  it('leave the clock alone while one of them is stalled', async () => {
    const { writer, files } = await opened();
    await write(writer, 'one');
    await write(writer, 'two');
    let goOn = (): void => undefined;
    const stalled = new Promise<undefined>((resolve) => {
      goOn = () => resolve(undefined);
    });
    files.fault = (call) => (isSync(call) ? stalled : undefined);
    await vi.advanceTimersByTimeAsync(PAUSE);
    writer.append('three');
    await vi.advanceTimersByTimeAsync(PAUSE);
    const until = performance.now() + 500;
    let rings = 0;
    for (; rings < 10 && vi.getTimerCount() > 0 && performance.now() < until; rings++) {
      await vi.advanceTimersToNextTimerAsync();
    }
    expect(rings).toBeLessThan(3);
    goOn();
    await writer.end();
    expect(writer.positions.durable.records).toBe(3);
  });

  it('are left to the segments, with fsync: segment', async () => {
    const { writer, syncs } = await opened('segment');
    for (let i = 0; i < 5; i++) {
      await write(writer, `${i}`);
      await vi.advanceTimersByTimeAsync(PAUSE);
    }
    expect(syncs).toEqual([]);
    await writer.rotate();
    expect(syncs).toHaveLength(1);
    await writer.end();
  });
});
