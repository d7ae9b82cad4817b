import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasZstd } from '../../../src/logs/units/coding.js';
import { readLog } from '../../logs/support/reading.js';
import { codeOf } from '../../logs/units/unit-kit.js';
import { tempFolder } from '../../support/temp-folder.js';
import type { JsonArchive, JsonUnit } from './files.js';
import { keepLogFiles, keptLogFiles, logFiles } from './files.js';

/** `SEALPIPE_WRITE_VECTORS=1`: write the files instead of comparing them. */
const made = logFiles();
if (process.env['SEALPIPE_WRITE_VECTORS'] === '1') keepLogFiles(made);
const kept = keptLogFiles();

const classOf = (code: unknown): string =>
  code === undefined || code === 'read'
    ? 'success'
    : String(code).replace('ERR_SEALPIPE_', '').toLowerCase().replace('_', ' ');
const text = (lines: readonly string[]): string[] =>
  lines.map((line) => Buffer.from(line, 'base64').toString());

describe('the files of the log vectors', () => {
  it('are what the generator makes, byte for byte', () => {
    expect([...kept.keys()].sort()).toEqual([...made.keys()].sort());
    expect([...made].filter(([name, said]) => kept.get(name) !== said).map(([name]) => name)).toEqual([]);
  });

  it('hold each unit once', () => {
    const { units } = JSON.parse(kept.get('units.json')!) as { units: JsonUnit[] };
    expect(units.length).toBeGreaterThan(70);
    expect(new Set(units.map(({ unit, encoding }) => unit + encoding)).size).toBe(units.length);
  });
});

describe('the units of the log vectors', () => {
  const { units } = JSON.parse(kept.get('units.json')!) as { units: JsonUnit[] };
  it.each(units)('$name', ({ encoding, expect: wanted, unit }) => {
    const isOut = encoding === 'zstd' && !hasZstd && Buffer.from(unit, 'base64')[1] === 2;
    expect(classOf(codeOf(Buffer.from(unit, 'base64'), encoding))).toBe(isOut ? 'unsupported' : wanted);
  });
});

describe('the archives of the log vectors', () => {
  const archives = [...kept]
    .filter(([name]) => name !== 'units.json')
    .map(([, said]) => JSON.parse(said) as JsonArchive);

  it.each(archives)(
    '$name',
    async ({ files, archive, expect: wanted, lines, tail, range, checkpoint, needs }) => {
      const directory = await tempFolder();
      await mkdir(join(directory, archive));
      for (const [name, bytes] of Object.entries(files))
        await writeFile(join(directory, archive, name), bytes, 'base64');
      const read = await readLog(directory, { checkpoint });
      if (needs === 'zstd' && !hasZstd) {
        expect([classOf(read.code), read.lines]).toEqual(['unsupported', []]);
        return;
      }
      expect([classOf(read.code), read.lines]).toEqual([wanted, text(lines)]);
      if (wanted !== 'success') return;
      const found = read.report.archives[0]!.tail;
      expect(found).toEqual(tail === null ? null : { ...tail, unfinished: expect.any(Number) });
      if (range === undefined) return;
      expect((await readLog(directory, range && { since: range.since, until: range.until })).lines).toEqual(
        text(range.lines),
      );
    },
  );
});
