import { describe, expect, it } from 'vitest';
import type { LogWriterOptions } from '../../../src/logs/writer/options/log-options.js';
import type { CrashState } from '../../support/crash/crash-states.js';
import { crashStates } from '../../support/crash/crash-states.js';
import type { DiskState } from '../../support/crash/operations.js';
import { RecordedFiles } from '../../support/crash/recorded-files.js';
import { randomOf, sampled } from '../../support/sample.js';
import { contentsOf, textOf } from '../support/archive-contents.js';
import { openWriter, rebooted } from '../support/machine.js';

const DIRECTORY = '/logs';
const random = randomOf('power cuts of a log archive');
/** Does not compress: a line is found in a segment as long as it is. */
const lineOf = (i: number) => `line ${i} ${Buffer.alloc(150, `${i} `).toString()}`;

/** How many lines were durable once so many operations had been done. */
type Durable = readonly { readonly after: number; readonly records: number }[];

/** A run of a writer on a disk: `flushes` times three lines. */
async function run(
  disk: DiskState,
  flushes: number,
  from = 0,
  options: Partial<LogWriterOptions> = {},
): Promise<{ files: RecordedFiles; durable: Durable }> {
  const files = new RecordedFiles(disk);
  const durable: { after: number; records: number }[] = [];
  const all = { compress: false, rotate: { bytes: 4_096 }, ...options } as const;
  const writer = await openWriter(DIRECTORY, all, files, rebooted());
  writer.on('positions', (positions) =>
    durable.push({ after: files.operations.length, records: positions.durable.records }),
  );
  for (let i = 0; i < flushes; i++) {
    for (let j = 0; j < 3; j++) writer.append(lineOf(from + 3 * i + j));
    await writer.flush();
  }
  await writer.end();
  durable.push({ after: files.operations.length, records: writer.positions.durable.records });
  return { files, durable };
}

function durableAt(durable: Durable, { after }: CrashState): number {
  return durable.reduce((most, one) => (one.after <= after ? Math.max(most, one.records) : most), 0);
}

/** Goes on with what a power cut left, and gives the lines of all segments, which must be one chain. */
async function goOn(disk: DiskState, line: string): Promise<string[]> {
  const { files } = await runOne(disk, line);
  return [...new Set(textOf(await contentsOf(files.state)))];
}

async function runOne(disk: DiskState, line: string): Promise<{ files: RecordedFiles }> {
  const files = new RecordedFiles(disk);
  const writer = await openWriter(DIRECTORY, { compress: false }, files, rebooted());
  writer.append(line);
  await writer.end();
  return { files };
}

function expectLines(found: readonly string[], least: number, last: string): void {
  expect(found.at(-1)).toBe(last);
  const lines = found.slice(0, -1);
  expect(lines).toEqual(lines.map((_, i) => lineOf(i)));
  expect(lines.length).toBeGreaterThanOrEqual(least);
}

describe('a log archive', () => {
  it('has every durable line after a power cut at any moment, and goes on', async () => {
    const { files, durable } = await run(new Map(), 12);
    expect(durable.at(-1)?.records).toBe(36);
    const states = [...crashStates(files.initial, files.operations, random)];
    expect(states.length).toBeGreaterThan(400);
    for (const state of sampled(states, 120, 'power cuts')) {
      expectLines(await goOn(state.disk, 'afterwards'), durableAt(durable, state), 'afterwards');
    }
  });

  it('has them after a second power cut, while the first one is made up for', async () => {
    const { files, durable } = await run(new Map(), 5);
    const states = [...crashStates(files.initial, files.operations, random)];
    for (const [i, state] of sampled(states, 8, 'first power cuts').entries()) {
      const least = durableAt(durable, state);
      const second = await runOne(state.disk, 'second run');
      // All pairs would take minutes: after each first cut every fourth second one, and the last.
      const again = [...crashStates(second.files.initial, second.files.operations, random)].filter(
        (_, j, { length }) => j % 4 === i % 4 || j === length - 1,
      );
      for (const { disk, after } of sampled(again, 14, 'second power cuts')) {
        const found = await goOn(disk, 'third run');
        const lines = found.filter((line) => line.startsWith('line '));
        expect(lines).toEqual(lines.map((_, i) => lineOf(i)));
        expect(lines.length).toBeGreaterThanOrEqual(least);
        expect(found.at(-1)).toBe('third run');
        if (after === second.files.operations.length) expect(found).toContain('second run');
      }
    }
  });

  it.each(['segment', 'never'] as const)(
    'keeps what its segments before the last one hold, with fsync: %s',
    async (fsync) => {
      const { files, durable } = await run(new Map(), 12, 0, { fsync });
      const states = [...crashStates(files.initial, files.operations, random)];
      for (const state of sampled(states, 60, `power cuts ${fsync}`)) {
        expectLines(await goOn(state.disk, 'afterwards'), durableAt(durable, state), 'afterwards');
      }
    },
  );

  it('holds together after a kill, which leaves to the system what is not durable, and then a power cut', async () => {
    const files = new RecordedFiles(new Map());
    const abort = new AbortController();
    const first = await openWriter(
      DIRECTORY,
      { compress: false, fsync: 'never', signal: abort.signal },
      files,
      rebooted(),
    );
    for (let i = 0; i < 6; i++) {
      first.append(lineOf(i));
      await first.flush();
    }
    abort.abort();
    await first.close();
    const second = await openWriter(DIRECTORY, { compress: false }, files, rebooted());
    for (let i = 6; i < 9; i++) second.append(lineOf(i));
    await second.flush();
    const { length } = files.operations;
    await second.end();
    const states = [...crashStates(files.initial, files.operations, random)];
    for (const state of sampled(states, 100, 'a kill and a power cut')) {
      expectLines(await goOn(state.disk, 'afterwards'), state.after >= length ? 9 : 0, 'afterwards');
    }
  });
});
