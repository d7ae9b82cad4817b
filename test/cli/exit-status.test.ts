import { describe, expect, it } from 'vitest';
import { explain } from '../../src/cli/exit-status.js';
import { Failure } from '../../src/cli/terminal/command-error.js';
import { optionsTypeError, SealpipeError } from '../../src/errors.js';
import { KMS_ERRORS } from '../../src/keys/kms/index.js';

const said = (message: string) =>
  explain(new SealpipeError('ERR_SEALPIPE_KEY_UNAVAILABLE', message)).words.what;

describe("what the library says, in the command's words", () => {
  it.each([
    ['The key provider failed: see `cause`', 'the key provider failed: --verbose shows why'],
    ['Decrypt with a: it is not shown: log it in the client (X)', 'Decrypt with a: it is not shown (X)'],
    ['Decrypt with a: check the network, or raise `timeout` (X)', 'Decrypt with a: check the network (X)'],
    ['The stream is short', 'the stream is short'],
    ['GenerateDataKey with a: it failed', 'GenerateDataKey with a: it failed'],
    ['`expectedLength` is 1, and `encryptionContext` is {}', '--expected-size is 1, and --context is {}'],
  ])('%j is %j', (message, words) => expect(said(message)).toBe(words));

  it('names no option of the library for any failure of KMS', () => {
    for (const { name, advice } of KMS_ERRORS) {
      const words = said(`Decrypt with a: ${advice} (${name})`);
      expect(words.replace(`(${name})`, '').replace('DryRun', '')).not.toMatch(/[a-z][A-Z]|`/);
    }
    expect(
      said('Decrypt with a: KMS knows no such key; for one that was created just now see waitForNewKey'),
    ).toBe('Decrypt with a: KMS knows no such key. One that was created just now may take a minute');
  });

  it('keeps its own words where the library has wrapped them', () => {
    const own = new Failure(1, { what: 'cat failed' });
    const error = new SealpipeError('ERR_SEALPIPE_CONFIRM', 'Refused', { cause: own });
    expect(explain(error)).toMatchObject({ status: 1, words: { what: 'cat failed' } });
  });

  it.each([
    [new SealpipeError('ERR_SEALPIPE_AUTHENTICATION', 'x'), 3],
    [new SealpipeError('ERR_SEALPIPE_AUTHENTICATION', 'x', { atEnd: true }), 4],
    [new SealpipeError('ERR_SEALPIPE_TRUNCATED', 'x'), 4],
    [new SealpipeError('ERR_SEALPIPE_TIMEOUT', 'x'), 5],
    [new SealpipeError('ERR_SEALPIPE_LENGTH', 'x'), 1],
    [optionsTypeError('x'), 2],
    [
      Object.assign(new Error('ENOSPC: no space left on device, write'), {
        code: 'ENOSPC',
        syscall: 'write',
      }),
      1,
    ],
    [new Error('x'), 1],
    [new DOMException('x', 'DataCloneError'), 1],
    [Object.assign(new Error('x'), { code: 42 }), 1],
    [Object.create(null), 1],
    [new SealpipeError('ERR_SEALPIPE_TO_COME' as never, 'x'), 1],
    ['x', 1],
  ])('has an exit status, whatever failed (%#)', (error, status) =>
    expect(explain(error).status).toBe(status),
  );
});
