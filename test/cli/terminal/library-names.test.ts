import { describe, expect, it } from 'vitest';
import { explain } from '../../../src/cli/exit-status.js';
import { optionsTypeError } from '../../../src/errors.js';
import { KMS_ERRORS } from '../../../src/keys/kms/errors/error-table.js';
import { KMS_KEY_STATES } from '../../../src/keys/kms/errors/key-states.js';

const said = (message: string) => explain(optionsTypeError(message)).words.what;

/** What only a caller of the library could use: an option in camel case or in backticks, or a function. */
const LIBRARY_NAME = /`|\b[a-z]+[A-Z]\w*|\w\(\)|cachedKeys|grantTokens/;

describe('what the command says of a failed call', () => {
  const advice = [...KMS_ERRORS, ...KMS_KEY_STATES].map((row) => row.advice);

  it('is there to be read', () => expect(new Set(advice).size).toBeGreaterThan(20));

  it.each([...new Set(advice)])('names nothing that only the library has: %s', (text) => {
    expect(said(`Decrypt with alias/a in eu-west-1: ${text} (X)`)).not.toMatch(LIBRARY_NAME);
  });

  it('calls the hints about the content as the command line does', () => {
    expect(said('`content` and `encryptionContext` together are too long')).toBe(
      '--content-type, --content-encoding and --context together are too long',
    );
  });
});
