import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ErrorCode, SealpipeError } from 'sealpipe';
import { KMS_ERRORS, KMS_KEY_STATES, type KmsErrorRow } from 'sealpipe/kms';
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/cli/say/explain.js';
import { repositoryRoot } from '../support/repository.js';
import { tableRows } from './readme-tables.js';

const page = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
const statusOf = (code: ErrorCode, atEnd = false): string =>
  String(explain(new SealpipeError(code, '', { atEnd })).status);

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
  ERR_SEALPIPE_TIMEOUT: true,
  ERR_SEALPIPE_OPTIONS: true,
};

describe('the errors in README.md', () => {
  const rows = tableRows(page('README.md'), 'code');

  it.each(Object.keys(CODES) as ErrorCode[])('have %s, with the exit status of the command', (code) => {
    const found = rows.filter(([cell]) => cell === `\`${code}\``);
    expect(found.map((cells) => cells.at(-1))).toEqual([expect.stringMatching(`^${statusOf(code)}\\b`)]);
  });

  it('tell an end that was cut off apart', () => {
    const [row] = rows.filter(([cell]) => cell?.includes('`atEnd`'));
    expect(row?.at(-1)).toBe(statusOf('ERR_SEALPIPE_AUTHENTICATION', true));
  });

  it('are all there are', () => {
    const names = rows.flatMap(([cell]) => /^`(ERR_\w+)`$/.exec(cell ?? '')?.[1] ?? []);
    expect(names.filter((name) => !Object.hasOwn(CODES, name))).toEqual([]);
  });
});

describe('docs/errors.md', () => {
  const said = (advice: string): string =>
    `${advice[0]?.toUpperCase()}${advice.slice(1).replace('{action}', "the call's action")}.`;
  const yesNo = (retryable: boolean): string => (retryable ? 'yes' : 'no');
  const REMEDY = {
    refresh: 'once, after a forced refresh of the credentials',
    wait: 'while `waitForNewKey` lasts',
  };

  const lineOf = ({ code, retryable, advice, remedy }: KmsErrorRow): string[] => [
    `\`${code}\``,
    yesNo(retryable),
    remedy === undefined ? '' : REMEDY[remedy],
    statusOf(code),
    said(advice),
  ];

  it('has the table of the errors of KMS as it is exported', () => {
    // Rows that differ in name alone are one line of the page.
    const lines = new Map<string, string[]>();
    for (const row of KMS_ERRORS) {
      const line = JSON.stringify(lineOf(row));
      lines.set(line, [...(lines.get(line) ?? []), `\`${row.name}\``]);
    }
    expect(tableRows(page('docs/errors.md'), 'name')).toEqual(
      [...lines].map(([line, names]) => [names.join(', '), ...JSON.parse(line)]),
    );
  });

  it('has the states of a key as they are exported', () => {
    expect(tableRows(page('docs/errors.md'), 'state')).toEqual(
      KMS_KEY_STATES.map(({ state, retryable, advice }) => [state, yesNo(retryable), said(advice)]),
    );
  });
});
