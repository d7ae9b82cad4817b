import { describe, expect, it } from 'vitest';
import { inCommandTerms } from '../../../src/cli/say/command-terms.js';
import { KMS_ERRORS } from '../../../src/keys/kms/error-table.js';
import { KMS_KEY_STATES } from '../../../src/keys/kms/key-states.js';

/** What only a caller of the library could use: an option in camel case or in backticks, or a function. */
const LIBRARY_NAME = /`|\b[a-z]+[A-Z]\w*|\w\(\)|cachedKeys|grantTokens/;

describe('what the command says of a failed call', () => {
  const advice = [...KMS_ERRORS, ...KMS_KEY_STATES].map((row) => row.advice);

  it('is there to be read', () => expect(new Set(advice).size).toBeGreaterThan(20));

  it.each([...new Set(advice)])('names nothing that only the library has: %s', (text) => {
    expect(inCommandTerms(`Decrypt with alias/a in eu-west-1: ${text} (X)`)).not.toMatch(LIBRARY_NAME);
  });
});

describe("what the library says, in the command's words", () => {
  it.each([
    [
      'Decrypt with a: the call failed. The cause says why (X)',
      'Decrypt with a: the call failed. --verbose shows why (X)',
    ],
    ['Decrypt with a: check the network, or raise `timeout` (X)', 'Decrypt with a: check the network (X)'],
    ['The stream is short', 'the stream is short'],
    ['GenerateDataKey with a: it failed', 'GenerateDataKey with a: it failed'],
    ['`expectedLength` is 1, and `encryptionContext` is {}', '--expected-size is 1, and --context is {}'],
    ['The key provider failed: see `cause`', 'the key provider failed: --verbose shows why'],
    [
      '`content` and `encryptionContext` together are too long',
      '--content-type, --content-encoding and --context together are too long',
    ],
  ])('%j is %j', (message, words) => expect(inCommandTerms(message)).toBe(words));
});
