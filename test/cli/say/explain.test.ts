import { describe, expect, it } from 'vitest';
import { explain } from '../../../src/cli/say/explain.js';
import { Failure } from '../../../src/cli/say/failure.js';
import { optionsTypeError, SealpipeError } from '../../../src/errors.js';

const said = (message: string) =>
  explain(new SealpipeError('ERR_SEALPIPE_KEY_UNAVAILABLE', message)).words.what;

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
  ])('%j is %j', (message, words) => expect(said(message)).toBe(words));

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
    ['x', 1],
  ])('%s has an exit status', (error, status) => expect(explain(error).status).toBe(status));
});
