import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { tempFolder } from '../../support/temp-folder.js';
import { contentsOf, filesBelow } from '../support/archive-contents.js';
import { bytesIn, linesIn, openStoring, segmentsIn } from '../support/stored.js';

const here = fakeForTests();
const LINE = 'x'.repeat(1_000);
const FULL = { code: 'ERR_SEALPIPE_LIMIT', retryable: true, hint: expect.stringContaining('maxBytes') };

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
    for (let i = 0; i < 40; i++) {
      writer.append(LINE);
      await writer.flush();
    }
    const { dropped } = writer;
    expect(dropped).toBeGreaterThan(15);
    expect(bytesIn(directory, writer)).toBeLessThan(25_000);
    here.fake.clearFaults();
    await eventually(() => {
      const { records } = writer.positions.durable;
      expect(writer.append('taken').records).toBe(records + 1);
    });
    const all = writer.dropped;
    await writer.end();
    const [first, ...more] = await contentsOf(filesBelow(directory));
    expect([first, more]).toEqual([undefined, []]);
    const lines = await linesIn(here);
    expect(lines.filter((line) => line === LINE).length).toBe(40 - dropped);
    expect(all).toBeGreaterThanOrEqual(dropped);
  });
});
