import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasZstd } from '../../src/logs/units/coding.js';
import { onlyWhere } from '../support/prerequisite.js';
import { repositoryRoot } from '../support/repository.js';
import { randomOf } from '../support/sample.js';
import { tempFolder } from '../support/temp-folder.js';
import { openWriter } from './support/machine.js';

const LINES_A_DAY = 10_000_000;
const LINES_A_SECOND = Math.round(LINES_A_DAY / 86_400);
const CODINGS = ['zstd', 'gzip', 'none'] as const;
type Coding = (typeof CODINGS)[number];

const page = readFileSync(join(repositoryRoot, 'docs/logs-operations.md'), 'utf8');

/** The numbers of a row of the table of costs, for each coding. */
function row(name: string): Record<Coding, number> {
  const cells =
    page
      .split('\n')
      .find((line) => line.startsWith(`| ${name}`))
      ?.split('|')
      .slice(2, 5) ?? [];
  const numbers = cells.map((cell) => Number(/[0-9][0-9,.]*/.exec(cell)?.[0].replaceAll(',', '')));
  return Object.fromEntries(CODINGS.map((coding, at) => [coding, numbers[at]])) as Record<Coding, number>;
}

/** Requests as pino logs them. */
function requestLines(): () => string {
  const random = randomOf('requests');
  const below = (count: number) => Math.floor(random() * count);
  const pick = (...words: readonly (string | number)[]) => words[below(words.length)];
  let time = 1_767_225_600_000;
  return () => {
    time += below(17);
    return JSON.stringify({
      level: 30,
      time,
      pid: 4711,
      hostname: 'web-7f9c',
      reqId: Array.from({ length: 32 }, () => below(16).toString(16)).join(''),
      req: {
        method: pick('GET', 'GET', 'GET', 'POST', 'PUT'),
        url: `/api/v1/${pick('orders', 'users', 'carts', 'items')}/${below(1_000_000)}`,
        remoteAddress: `10.${below(256)}.${below(256)}.${below(256)}`,
      },
      res: { statusCode: pick(200, 200, 200, 201, 304, 404, 500) },
      responseTime: below(50_000) / 10,
      msg: 'request completed',
    });
  };
}

/** Bytes of a line before and in an archive, when a second of lines is a unit. */
async function measured(coding: Coding): Promise<{ text: number; sealed: number }> {
  const directory = await tempFolder();
  const compress = coding === 'none' ? false : coding;
  const flush = { interval: 86_400_000, bytes: 524_288 };
  const writer = await openWriter(directory, { compress, flush, fsync: 'never' });
  const next = requestLines();
  for (let second = 0; second < 20; second++) {
    for (let i = 0; i < LINES_A_SECOND; i++) writer.append(next());
    await writer.flush();
  }
  const { positions } = await writer.end();
  const { bytes, records } = positions.written;
  const [name = ''] = readdirSync(join(directory, writer.archive)).filter((file) => file.endsWith('.sealed'));
  const { size } = statSync(join(directory, writer.archive, name));
  return { text: bytes / records, sealed: size / records };
}

describe('a year of ten million lines a day', () => {
  it.for(CODINGS)('takes the bytes that the page says, with %s', async (coding, context) => {
    onlyWhere(context, coding !== 'zstd' || hasZstd, 'Node has zstd from 22.15 on');
    const { text, sealed } = await measured(coding);
    expect(text / 266).toBeCloseTo(1, 1);
    expect(Math.abs(sealed / row('bytes a line in the archive')[coding] - 1)).toBeLessThan(0.06);
  });

  it.each(CODINGS)('has a table that agrees with itself, for %s', (coding) => {
    const year = 365 * LINES_A_DAY;
    const near = (name: string, value: number) =>
      expect([name, Math.abs(row(name)[coding] / value - 1) < 0.02]).toEqual([name, true]);
    const bytes = year * row('bytes a line in the archive')[coding];
    near('bytes of lines', (year * 266) / 1e9);
    near('bytes of the archive', bytes / 1e9);
    near('segments, and so', Math.max(365 * 24, bytes / 67_108_864));
    near('calls of KMS to read', Math.max(365 * 24, bytes / 67_108_864));
    near('`fdatasync`', 365 * 86_400);
  });
});
