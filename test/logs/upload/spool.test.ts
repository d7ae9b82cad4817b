import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { verifyArchive } from '../../../src/logs/index.js';
import { eventually } from '../../support/eventually.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { tempFolder } from '../../support/temp-folder.js';
import { keys } from '../../support/test-keys.js';
import { contentsOf, filesBelow, textOf } from '../support/archive-contents.js';
import { bytesIn, contentsIn, linesIn, openStoring, segmentsIn } from '../support/stored.js';
import { readStore } from '../support/stored-archives.js';

const here = fakeForTests();
const LINE = 'x'.repeat(1_000);
const FULL = { code: 'ERR_SEALPIPE_LIMIT', retryable: true, hint: expect.stringContaining('maxBytes') };

/** All that records say of one number. */
const sum = (records: readonly object[], name: string) =>
  records.reduce((total, record) => total + Number((record as Record<string, unknown>)[name]), 0);

function down(): void {
  here.fake.fault(
    { on: () => true, times: Number.POSITIVE_INFINITY },
    { kind: 'refuse', status: 503, code: 'SlowDown' },
  );
}

describe('a spool that is full', () => {
  it('takes no line under `block`, until segments are stored', async () => {
    const directory = await tempFolder();
    down();
    const writer = await openStoring(here, directory, { compress: false, maxBytes: 20_000 });
    const lines: string[] = [];
    const fill = async (): Promise<void> => {
      for (;;) {
        writer.append(`${lines.length} ${LINE}`);
        lines.push(`${lines.length} ${LINE}`);
        await writer.flush();
      }
    };
    await expect(fill()).rejects.toMatchObject(FULL);
    expect(bytesIn(directory, writer)).toBeLessThan(25_000);
    await eventually(() => {
      expect(() => writer.append('no')).toThrow(
        expect.objectContaining({ ...FULL, cause: expect.objectContaining({ code: 'ERR_SEALPIPE_STORE' }) }),
      );
    });
    here.fake.clearFaults();
    // Only the end of the open segment makes room.
    await eventually(() => writer.append('taken'));
    await writer.end();
    expect(await linesIn(here)).toEqual([...lines, 'taken']);
  });

  it('holds a stream back under `block`', async () => {
    const directory = await tempFolder();
    down();
    const writer = await openStoring(here, directory, {
      compress: false,
      maxBytes: 3_000_000,
      rotate: { bytes: 1_000_000 },
    });
    const all = 2_000;
    let given = 0;
    const source = new Readable({
      read() {
        given += 1;
        this.push(given > all ? null : `${given} ${LINE.repeat(10)}\n`);
      },
    });
    const done = pipeline(source, writer.stream);
    await eventually(() => expect(bytesIn(directory, writer)).toBeGreaterThan(3_000_000));
    await new Promise((resolve) => setTimeout(resolve, 50));
    // Beside the spool, lines wait to be written.
    expect(given).toBeLessThan(1_300);
    here.fake.clearFaults();
    await done;
    await writer.end();
    expect((await linesIn(here)).length).toBe(all);
    expect(segmentsIn(directory, writer)).toEqual([]);
  });

  it('loses lines under `drop`, and the archive says how many', async () => {
    const directory = await tempFolder();
    down();
    const writer = await openStoring(here, directory, { compress: false, maxBytes: 20_000, onFull: 'drop' });
    const from = Date.now();
    for (let i = 0; i < 40; i++) {
      writer.append(LINE);
      await writer.flush();
    }
    const { dropped } = writer;
    const to = Date.now();
    expect(dropped).toBeGreaterThan(15);
    expect(bytesIn(directory, writer)).toBeLessThan(25_000);
    here.fake.clearFaults();
    await eventually(() => {
      const { records } = writer.positions.durable;
      expect(writer.append('taken').records).toBe(records + 1);
    });
    const all = writer.dropped;
    await writer.end();
    expect(await contentsOf(filesBelow(directory))).toEqual([]);
    const segments = await contentsIn(here);
    expect(textOf(segments).filter((line) => line === LINE)).toHaveLength(40 - dropped);
    // The first record is that of the forty, which stands behind them; another one that of lines which came too soon.
    const records = segments.flatMap((segment) => segment.records).filter(({ kind }) => kind === 'drop');
    expect(sum(records, 'lines')).toBe(all);
    expect(sum(records, 'bytes')).toBe(dropped * (LINE.length + 1) + (all - dropped) * 'taken\n'.length);
    const [{ first, last } = {}, ...later] = records as { first: number; last: number }[];
    expect(first).toBeGreaterThanOrEqual(from);
    expect(first).toBeLessThanOrEqual(to);
    expect(last).toBeGreaterThanOrEqual(first!);
    for (const record of later) expect(record.first).toBeGreaterThanOrEqual(last!);
    // Whoever reads or proves the archive learns of it.
    const { archives } = await verifyArchive({
      store: `s3://${here.bucket}/logs`,
      client: here.client,
      keys,
    });
    expect(archives[0]).toMatchObject({
      dropped: all,
      notProved: expect.arrayContaining([expect.stringContaining(`${all} lines`)]),
    });
    expect((await readStore(here, { keys })).report.archives[0]!.dropped).toBe(all);
  });
});
