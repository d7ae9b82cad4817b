import { describe, expect, it } from 'vitest';
import { SealpipeError } from '../../src/errors.js';
import { published } from '../../src/session/published-error.js';

describe('an error as a subscriber sees it', () => {
  it('is the very same, with its hint, if all of it is of this library', () => {
    const error = new SealpipeError('ERR_SEALPIPE_KEY_DENIED', 'No region is known', {
      hint: 'Set AWS_REGION',
    });
    expect(published(error)).toBe(error);
  });

  it('keeps what happened and what to do where its cause may not be shown', () => {
    const details = { hint: 'Unseal it', retryable: true, cause: new Error('a secret') };
    const shown = published(
      new SealpipeError('ERR_SEALPIPE_KEY_UNAVAILABLE', 'The vault is sealed', details),
    );
    expect(shown).toMatchObject({
      code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
      message: 'The vault is sealed',
      hint: 'Unseal it',
      retryable: true,
      cause: { message: '[redacted]' },
    });
  });

  it('has no hint if it had none', () => {
    const cause = new Error('a secret');
    const shown = published(new SealpipeError('ERR_SEALPIPE_KEY_UNAVAILABLE', 'x', { cause }));
    expect(Object.hasOwn(shown as object, 'hint')).toBe(false);
  });

  it('ends after eight errors if its causes do not end', () => {
    const error = new SealpipeError('ERR_SEALPIPE_KEY_DENIED', 'No');
    Object.assign(error, { cause: error });
    let count = 0;
    for (let shown: unknown = published(error); shown !== undefined; shown = (shown as Error).cause) count++;
    expect(count).toBe(8);
  });
});
