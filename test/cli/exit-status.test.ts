import { describe, expect, it } from 'vitest';
import { codeOf, failureOf, isReaderGone } from '../../src/cli/exit-status.js';
import { CommandError } from '../../src/cli/terminal/command-error.js';
import type { ErrorCode } from '../../src/errors.js';
import { optionsTypeError, SealpipeError } from '../../src/errors.js';

const said = (...args: ConstructorParameters<typeof SealpipeError>) => failureOf(new SealpipeError(...args));

describe("what the library says, in the command's words", () => {
  it.each([
    ['The stream is short', 'the stream is short'],
    ['A frame is missing', 'a frame is missing'],
    ['KMS Decrypt with a: it failed', 'KMS Decrypt with a: it failed'],
    ['AWS is far', 'AWS is far'],
    ['S3 is far', 'S3 is far'],
    ['ReEncrypt failed', 'ReEncrypt failed'],
    ['X', 'x'],
    ['', ''],
  ])('follows a colon: %j is %j', (message, words) => {
    expect(said('ERR_SEALPIPE_KEY_DENIED', message).what).toBe(words);
  });

  it('ends with what the library says to do', () => {
    const words = said('ERR_SEALPIPE_KEY_DENIED', 'No AWS region is known', { hint: 'Set AWS_REGION' });
    expect(words).toMatchObject({ what: 'no AWS region is known', hint: 'Set AWS_REGION.' });
  });

  it('ends with what the command says to do if only a caller of the library could follow the hint', () => {
    expect(said('ERR_SEALPIPE_TIMEOUT', 'x', { hint: 'Raise `timeout`' }).hint).toMatch(/^Check the network/);
    expect(said('ERR_SEALPIPE_LIMIT', 'x', { hint: 'Raise `maxRecipients`' }).hint).toMatch(/the library/);
    expect(said('ERR_SEALPIPE_CONTEXT', 'x', { hint: 'Give `encryptionContext`' }).hint).toMatch(/--context/);
  });

  it('says how to see an unexplained cause', () => {
    const unexplained = { cause: new Error('socket hang up') };
    expect(said('ERR_SEALPIPE_KEY_UNAVAILABLE', 'x', unexplained).hint).toBe('--verbose shows why.');
    const system = { cause: Object.assign(new Error('ENOSPC: full'), { code: 'ENOSPC', syscall: 'write' }) };
    expect(said('ERR_SEALPIPE_KEY_UNAVAILABLE', 'x: full', system).hint).toBeUndefined();
    expect(said('ERR_SEALPIPE_KEY_UNAVAILABLE', 'x', { ...unexplained, hint: 'Wait' }).hint).toBe('Wait.');
  });

  it('ends every hint with one mark', () => {
    const hint = (text: string) => said('ERR_SEALPIPE_KEY_DENIED', 'x', { hint: text }).hint;
    expect(['Wait', 'Wait.', 'Wait?', 'Wait!'].map(hint)).toEqual(['Wait.', 'Wait.', 'Wait?', 'Wait!']);
  });

  it('says what was thrown, even if it is not an error', () => {
    const hostile = {
      toString: () => {
        throw new Error('trapped');
      },
    };
    const words = [new Error('why'), 'text', undefined, hostile].map((thrown) => failureOf(thrown).what);
    expect(words.map((what) => what.replace('internal error: ', ''))).toEqual([
      ...['why', 'text', 'undefined', 'something that is no error was thrown'],
    ]);
  });

  it('keeps its own message if the library has wrapped it', () => {
    const own = new CommandError(1, { what: 'cat failed' });
    const error = new SealpipeError('ERR_SEALPIPE_CONFIRM', 'Refused', { cause: own });
    expect(failureOf(error)).toMatchObject({ status: 1, what: 'cat failed' });
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
    expect(failureOf(error).status).toBe(status),
  );

  it('has the exit status that docs/command.md names, for each code', () => {
    const codes: Readonly<Record<number, readonly ErrorCode[]>> = {
      1: [
        'ERR_SEALPIPE_LENGTH',
        'ERR_SEALPIPE_CONFIRM',
        'ERR_SEALPIPE_LOCKED',
        'ERR_SEALPIPE_CHANGED',
        'ERR_SEALPIPE_STORE',
      ],
      2: ['ERR_SEALPIPE_EXISTS'],
      3: [
        ...(['ERR_SEALPIPE_FORMAT', 'ERR_SEALPIPE_UNSUPPORTED', 'ERR_SEALPIPE_LIMIT'] as const),
        ...(['ERR_SEALPIPE_AUTHENTICATION', 'ERR_SEALPIPE_TRAILING_DATA'] as const),
        ...(['ERR_SEALPIPE_CONTEXT', 'ERR_SEALPIPE_ARCHIVE'] as const),
      ],
      4: ['ERR_SEALPIPE_TRUNCATED'],
      5: [
        ...([
          'ERR_SEALPIPE_KEY_NOT_FOUND',
          'ERR_SEALPIPE_KEY_DENIED',
          'ERR_SEALPIPE_KEY_UNAVAILABLE',
        ] as const),
        ...(['ERR_SEALPIPE_KEY_MISMATCH', 'ERR_SEALPIPE_TIMEOUT'] as const),
      ],
    };
    const found = Object.values(codes).map((of) => of.map((code) => said(code, 'x').status));
    expect(found).toEqual(Object.entries(codes).map(([status, of]) => of.map(() => Number(status))));
  });

  it.each([
    'FORMAT',
    'LIMIT',
    'AUTHENTICATION',
    'TRUNCATED',
    'TRAILING_DATA',
    'CONTEXT',
    'CHANGED',
    'ARCHIVE',
  ] as const)('ends with what to do, even if the library does not say it: ERR_SEALPIPE_%s', (code) =>
    expect(said(`ERR_SEALPIPE_${code}`, 'x').hint).toMatch(/[.:] ?.*$/),
  );

  it('is no failure of the command if the cause is one of the system', () => {
    const cause = Object.assign(new Error('EIO: i/o error'), { code: 'EIO', syscall: 'read' });
    expect(said('ERR_SEALPIPE_STORE', 'It failed', { cause })).toMatchObject({
      status: 1,
      what: 'it failed',
    });
  });
});

describe('the code in a report', () => {
  const system = Object.assign(new Error('ENOENT: missing'), { code: 'ENOENT', syscall: 'open' });

  it.each([
    [new SealpipeError('ERR_SEALPIPE_FORMAT', 'x'), 'ERR_SEALPIPE_FORMAT'],
    [system, 'ENOENT'],
    [new CommandError(1, { what: 'cannot read x' }, system), 'ENOENT'],
    [new CommandError(1, { what: 'x' }), null],
    [undefined, null],
  ])('is that of the library or the system, also behind an error of the command (%#)', (error, code) => {
    expect(codeOf(error)).toBe(code);
  });
});

describe('a reader that has left', () => {
  const failed = (code: string) =>
    Object.assign(new Error(`${code}: broken pipe, write`), { code, syscall: 'write' });

  it('is recognised by the error of the system alone', () => {
    expect([isReaderGone(failed('EPIPE')), isReaderGone(failed('EIO')), isReaderGone('EPIPE')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(isReaderGone(new CommandError(1, { what: 'x' }, failed('EPIPE')))).toBe(false);
  });
});
