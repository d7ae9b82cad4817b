import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../src/errors.js';
import {
  contextTypeError,
  isSealpipeError,
  optionsRangeError,
  optionsTypeError,
  SealpipeError,
} from '../src/errors.js';

describe('a SealpipeError', () => {
  it('carries code, message and cause, and is an Error', () => {
    const cause = new Error('why');
    const error = new SealpipeError('ERR_SEALPIPE_FORMAT', 'not ours', { cause });
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.code, error.message, error.cause]).toEqual([
      'SealpipeError',
      'ERR_SEALPIPE_FORMAT',
      'not ours',
      cause,
    ]);
    expect(error.stack).toContain('SealpipeError: not ours');
  });

  it('says what to do apart from what happened', () => {
    const error = new SealpipeError('ERR_SEALPIPE_UNSUPPORTED', 'a version to come', { hint: 'Upgrade' });
    expect([error.message, error.hint]).toEqual(['a version to come', 'Upgrade']);
    expect(new SealpipeError('ERR_SEALPIPE_UNSUPPORTED', 'x', { hint: undefined })).not.toHaveProperty(
      'hint',
    );
  });

  it('has no property that it was not given', () => {
    const error = new SealpipeError('ERR_SEALPIPE_FORMAT', 'not ours');
    expect(Object.keys(error).sort()).toEqual(['code', 'name']);
    expect('cause' in error || 'atEnd' in error || 'retryable' in error).toBe(false);
  });

  it('says whether it lies at the end, and whether a retry may help, false included', () => {
    const details = { atEnd: true, retryable: false };
    const error = new SealpipeError('ERR_SEALPIPE_AUTHENTICATION', 'altered', details);
    expect([error.atEnd, error.retryable]).toEqual([true, false]);
  });

  it.each([
    ['ERR_SEALPIPE_TRUNCATED', {}, true],
    ['ERR_SEALPIPE_AUTHENTICATION', { atEnd: true }, true],
    ['ERR_SEALPIPE_AUTHENTICATION', {}, undefined],
    ['ERR_SEALPIPE_AUTHENTICATION', { atEnd: false }, undefined],
    ['ERR_SEALPIPE_FORMAT', {}, undefined],
  ] as const)('of code %s with %j says whether the stream was cut short: %s', (code, details, cutShort) => {
    const error = new SealpipeError(code, 'x', details);
    expect(error.cutShort).toBe(cutShort);
    expect('cutShort' in error).toBe(cutShort === true);
  });

  it('keeps a cause that is no error', () => {
    expect(new SealpipeError('ERR_SEALPIPE_CONFIRM', 'refused', { cause: 'no' }).cause).toBe('no');
    expect(new SealpipeError('ERR_SEALPIPE_CONFIRM', 'refused', { cause: null }).cause).toBeNull();
  });
});

describe('isSealpipeError', () => {
  it('knows one of another copy of the package', () => {
    class SealpipeErrorOfAnotherCopy extends Error {
      readonly code: ErrorCode = 'ERR_SEALPIPE_FORMAT';
    }
    const other = new SealpipeErrorOfAnotherCopy('x');
    expect(isSealpipeError(other)).toBe(false);
    Object.defineProperty(other, Symbol.for('sealpipe.error'), { value: true });
    expect(isSealpipeError(other)).toBe(true);
    expect(isSealpipeError(new SealpipeError('ERR_SEALPIPE_FORMAT', 'x'))).toBe(true);
  });

  it.each([
    [undefined],
    [null],
    [5],
    ['ERR_SEALPIPE_FORMAT'],
    [{ code: 'ERR_SEALPIPE_FORMAT' }],
    [new Error('x')],
    [optionsTypeError('x')],
  ])('does not know %s', (value) => {
    expect(isSealpipeError(value)).toBe(false);
  });

  it('does not know an object that bears the mark but is no Error', () => {
    expect(isSealpipeError({ [Symbol.for('sealpipe.error')]: true })).toBe(false);
  });
});

describe('the errors of wrong use', () => {
  it.each([
    [optionsTypeError, TypeError, 'ERR_SEALPIPE_OPTIONS'],
    [optionsRangeError, RangeError, 'ERR_SEALPIPE_OPTIONS'],
    [contextTypeError, TypeError, 'ERR_SEALPIPE_CONTEXT'],
  ] as const)('are plain ones with a code', (make, kind, code) => {
    const error = make('what is wrong');
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ code, message: 'what is wrong' });
  });
});
