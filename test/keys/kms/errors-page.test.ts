import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../src/cli/exit-status.js';
import { SealpipeError } from '../../../src/errors.js';
import type { KmsErrorRow } from '../../../src/keys/kms/index.js';
import { KMS_ERRORS, KMS_KEY_STATES } from '../../../src/keys/kms/index.js';
import { repositoryRoot } from '../../support/repository.js';

const page = readFileSync(join(repositoryRoot, 'docs/errors.md'), 'utf8');

const REMEDIES: Readonly<Record<NonNullable<KmsErrorRow['remedy']> | 'none', string>> = {
  refresh: 'once, after a forced refresh of the credentials',
  wait: 'while `waitForNewKey` lasts',
  none: '',
};

/** The rows of the table that begins with these columns. */
function tableOf(...columns: readonly string[]): string[] {
  const lines = page.split('\n');
  const head = lines.indexOf(`| ${columns.join(' | ')} |`);
  expect(head, columns.join(', ')).toBeGreaterThan(0);
  const rows = lines.slice(head + 2);
  return rows.slice(
    0,
    rows.findIndex((line) => !line.startsWith('|')),
  );
}

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |');
const yesNo = (retryable: boolean): string => (retryable ? 'yes' : 'no');

/** As a sentence, for no action in particular. */
function sentence({ message, hint }: { readonly message: string; readonly hint?: string }): string {
  const text = (hint === undefined ? message : `${message}. ${hint}`).replace(
    '{action}',
    "the call's action",
  );
  return `${text[0]?.toUpperCase()}${text.slice(1)}.`;
}

/** The names of the table that mean the same, in order: one row of the page. */
function groups(): { readonly names: string[]; readonly row: Omit<KmsErrorRow, 'name'> }[] {
  const found = new Map<string, { names: string[]; row: Omit<KmsErrorRow, 'name'> }>();
  for (const { name, ...row } of KMS_ERRORS) {
    const meaning = JSON.stringify(row);
    const group = found.get(meaning) ?? { names: [], row };
    group.names.push(name);
    found.set(meaning, group);
  }
  return [...found.values()];
}

describe('docs/errors.md', () => {
  it('has one row for all names that mean the same: code, retryable, tried again, exit status, hint', () => {
    const expected = groups().map(({ names, row: entry }) => {
      const { code, retryable, remedy } = entry;
      const { status } = failureOf(new SealpipeError(code, ''));
      const quoted = names.map((name) => `\`${name}\``).join(', ');
      const again = REMEDIES[remedy ?? 'none'];
      return row(quoted, `\`${code}\``, yesNo(retryable), again, String(status), sentence(entry));
    });
    const columns = [
      'names',
      'code',
      'retryable',
      'tried again here',
      'exit',
      'what it means and what to do',
    ];
    expect(tableOf(...columns)).toEqual(expected);
  });

  it('has one row for each key state', () => {
    const expected = KMS_KEY_STATES.map((entry) => row(entry.state, yesNo(entry.retryable), sentence(entry)));
    expect(tableOf('state', 'retryable', 'what to do')).toEqual(expected);
  });
});
