import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ErrorCode, SealpipeError } from 'sealpipe';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../src/cli/exit-status.js';
import { optionsTypeError } from '../../src/errors.js';
import { repositoryRoot } from '../support/repository.js';
import { tableRows } from './page-tables.js';

const page = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
const statusOf = (code: ErrorCode, atEnd = false): string =>
  String(failureOf(new SealpipeError(code, '', { atEnd })).status);

/** The compiler sees to it that none is missing. */
const CODES: Readonly<Record<ErrorCode, true>> = {
  ERR_SEALPIPE_FORMAT: true,
  ERR_SEALPIPE_UNSUPPORTED: true,
  ERR_SEALPIPE_LIMIT: true,
  ERR_SEALPIPE_AUTHENTICATION: true,
  ERR_SEALPIPE_TRUNCATED: true,
  ERR_SEALPIPE_TRAILING_DATA: true,
  ERR_SEALPIPE_CONTEXT: true,
  ERR_SEALPIPE_KEY_NOT_FOUND: true,
  ERR_SEALPIPE_KEY_DENIED: true,
  ERR_SEALPIPE_KEY_UNAVAILABLE: true,
  ERR_SEALPIPE_KEY_MISMATCH: true,
  ERR_SEALPIPE_LENGTH: true,
  ERR_SEALPIPE_CONFIRM: true,
  ERR_SEALPIPE_EXISTS: true,
  ERR_SEALPIPE_TIMEOUT: true,
  ERR_SEALPIPE_LOCKED: true,
  ERR_SEALPIPE_CHANGED: true,
  ERR_SEALPIPE_STORE: true,
  ERR_SEALPIPE_ARCHIVE: true,
};

/** Of a TypeError or RangeError alone. */
const MISUSE = 'ERR_SEALPIPE_OPTIONS';

describe('the codes in docs/errors.md', () => {
  const rows = tableRows(page('docs/errors.md'), 'code');

  it.each(Object.keys(CODES) as ErrorCode[])('have %s, with the exit status of the command', (code) => {
    const found = rows.filter(([cell]) => cell === `\`${code}\``);
    expect(found.map((cells) => cells.at(-1))).toEqual([expect.stringMatching(`^${statusOf(code)}\\b`)]);
  });

  it('have wrong use, with its exit status', () => {
    const found = rows.filter(([cell]) => cell === `\`${MISUSE}\``);
    expect(found.map((cells) => cells.at(-1))).toEqual([String(failureOf(optionsTypeError('')).status)]);
  });

  it('tell an end that was cut off apart', () => {
    const [row] = rows.filter(([cell]) => cell?.includes('`atEnd`'));
    expect(row?.at(-1)).toBe(statusOf('ERR_SEALPIPE_AUTHENTICATION', true));
  });

  it('are all there are', () => {
    const names = rows.flatMap(([cell]) => /^`(ERR_\w+)`$/.exec(cell ?? '')?.[1] ?? []);
    expect(names.filter((name) => !Object.hasOwn(CODES, name))).toEqual([MISUSE]);
  });
});
