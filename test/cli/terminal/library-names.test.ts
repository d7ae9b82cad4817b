import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../src/cli/exit-status.js';
import type { ErrorCode } from '../../../src/errors.js';
import { SealpipeError } from '../../../src/errors.js';
import { KMS_ERRORS } from '../../../src/keys/kms/errors/error-table.js';
import { KMS_KEY_STATES } from '../../../src/keys/kms/errors/key-states.js';

/** What only a caller of the library could use: an option in camel case or in backticks, or a function. */
const LIBRARY_NAME = /`|\b[a-z]+[A-Z]\w*|\w\(\)|cachedKeys|grantTokens/;

const ROWS: readonly { readonly code: ErrorCode; readonly message: string; readonly hint?: string }[] = [
  ...KMS_ERRORS,
  ...KMS_KEY_STATES.map((row) => ({ ...row, code: 'ERR_SEALPIPE_KEY_UNAVAILABLE' as const })),
];
const byMessage = new Map(ROWS.map((row) => [row.message, row]));

describe('what the command says of a failed call', () => {
  it('is readable', () => expect(byMessage.size).toBeGreaterThan(20));

  it.each([...byMessage])('names nothing that only the library has: %s', (_, { code, message, hint }) => {
    const failure = failureOf(new SealpipeError(code, message, { hint }));
    expect(failure.what).not.toMatch(LIBRARY_NAME);
    expect(failure.hint ?? '').not.toMatch(LIBRARY_NAME);
  });
});
