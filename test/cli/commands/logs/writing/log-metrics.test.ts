import { describe, expect, it, onTestFinished } from 'vitest';
import { LogMetrics } from '../../../../../src/cli/commands/logs/writing/log-metrics.js';
import { systemFiles } from '../../../../../src/files/heads/system-files.js';
import type { LogWriterOptions } from '../../../../../src/logs/writer/options/log-options.js';
import { FaultyFiles } from '../../../../logs/support/faulty-files.js';
import { service } from '../../../../logs/support/key-service.js';
import { openWriter } from '../../../../logs/support/machine.js';
import { eventually } from '../../../../support/eventually.js';
import { tempFolder } from '../../../../support/temp-folder.js';
import { parseExposition } from './exposition-parser.js';

/** A writer, and its metrics by their names without what they have in common. */
async function measured(options: Partial<LogWriterOptions> = {}) {
  const files = new FaultyFiles(systemFiles);
  const metrics = new LogMetrics(false);
  onTestFinished(() => metrics.close());
  expect(metrics.text()).toBe('');
  const writer = await openWriter(await tempFolder(), { flush: { interval: 86_400_000 }, ...options }, files);
  metrics.follow(writer);
  const read = () => {
    const label = new RegExp(`^sealpipe_logs_(\\w+) archive=${writer.archive},?`);
    const found = [...parseExposition(metrics.text())];
    return Object.fromEntries(found.map(([key, value]) => [key.replace(label, '$1 ').trim(), value]));
  };
  return { files, metrics, writer, read };
}

describe('the metrics of a log writer', () => {
  it('say how far it came, and what is left to do', async () => {
    const { metrics, writer, read } = await measured();
    const before = Date.now() / 1_000;
    writer.append('one');
    writer.append('three');
    expect(read()).toMatchObject({
      running: 1,
      segment: 0,
      waiting: 0,
      'lines_total position=appended': 2,
      'lines_total position=durable': 0,
      'bytes_total position=appended': 10,
      'backlog_lines position=durable': 2,
      'backlog_bytes position=durable': 10,
      dropped_lines_total: 0,
      last_durable_time_seconds: 0,
    });
    await writer.flush();
    const { last_durable_time_seconds: last, start_time_seconds: start, ...rest } = read();
    expect([start! <= last!, last! >= before, last! <= Date.now() / 1_000]).toEqual([true, true, true]);
    expect(rest).toMatchObject({
      'lines_total position=written': 2,
      'lines_total position=durable': 2,
      'bytes_total position=durable': 10,
      'backlog_lines position=durable': 0,
      'backlog_bytes position=durable': 0,
    });
    await writer.rotate();
    expect(read()).toMatchObject({ segment: 1, segments_sealed_total: 1 });
    await writer.end();
    metrics.close();
    expect(read()).toMatchObject({ running: 0, segments_sealed_total: 2 });
    expect(Object.keys(read()).filter((key) => key.includes('stored'))).toEqual([]);
  });

  it('say that the disk is full, and that lines wait for it', async () => {
    const { files, writer, read } = await measured();
    let isFull = true;
    files.fault = ({ call }) => (call === 'write' && isFull ? 'ENOSPC' : undefined);
    writer.append('one');
    const flushed = writer.flush();
    await eventually(() => expect(read()).toMatchObject({ waiting: 1 }));
    expect(read()).toMatchObject({ 'lines_total position=written': 0, 'backlog_lines position=durable': 1 });
    isFull = false;
    await flushed;
    expect(read()).toMatchObject({ 'backlog_lines position=durable': 0 });
    await eventually(() => expect(read()).toMatchObject({ waiting: 0 }));
    await writer.end();
  });

  it('count segments that are given up, and key calls that fail', async () => {
    const { state, provider } = service();
    const { files, writer, read } = await measured({ keys: provider });
    let left = 1;
    files.fault = ({ call }) => (call === 'datasync' && left-- > 0 ? 'EIO' : undefined);
    writer.append('one');
    await writer.flush();
    expect(read()).toMatchObject({ segment: 1, segments_given_up_total: 1 });
    state.isDown = true;
    const rotated = writer.rotate();
    await eventually(() => expect(read()).toMatchObject({ key_failures_total: 1 }));
    state.isDown = false;
    await rotated;
    await writer.end();
  });

  it('count what is dropped', async () => {
    const { files, writer, read } = await measured({ onFull: 'drop', compress: false });
    let isFull = true;
    files.fault = ({ call }) => (call === 'write' && isFull ? 'ENOSPC' : undefined);
    const line = Buffer.alloc(1_048_576, 'x');
    for (let i = 0; i < 20; i++) writer.append(line);
    expect(read().dropped_lines_total).toBe(writer.dropped);
    expect(writer.dropped).toBeGreaterThan(3);
    isFull = false;
    await writer.end();
  });
});
