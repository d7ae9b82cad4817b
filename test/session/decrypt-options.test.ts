import { describe, expect, it } from 'vitest';
import type { DecryptOptions } from '../../src/session/decrypt-options.js';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { readHeader } from '../../src/streams/read-header.js';
import { describeStreamOptions, refusals } from '../streams/stream-options.js';
import { outcomeOf } from '../support/outcome.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

describeStreamOptions('createDecryptStream', createDecryptStream);

describe('createDecryptStream', () => {
  it.each(
    ['maxRecipients', 'maxFrameSize', 'maxPreambleSize'].flatMap((name) => [
      ...refusals(name, TypeError, ['1', null, 1n, {}]),
      ...refusals(name, RangeError, [0, -1, 1.5, NaN, Infinity]),
    ]),
  )('refuses %s: %s', async (name, _, options, kind) => {
    const refusal = expect.objectContaining({ name: kind.name, code: 'ERR_SEALPIPE_OPTIONS' });
    const given = { keys, ...options } as DecryptOptions;
    expect(() => createDecryptStream(given)).toThrow(refusal);
    expect(() => createDecryptStream(given)).toThrow(`\`${name}\``);
    const sealed = await encrypt('hello', { keys });
    await expect(decrypt(sealed, given)).rejects.toEqual(refusal);
    await expect(readHeader(sealed, options)).rejects.toEqual(refusal);
  });

  it.each([
    ['null', null],
    ['a string', 'a=b'],
    ['an empty key', { '': 'a' }],
    ['a value that is a number', { a: 1 }],
    ['a lone surrogate', { '\udc00': 'a' }],
    ['more than 8,192 bytes', { a: 'x'.repeat(8_192) }],
  ])('refuses a context that is or has %s', (_, encryptionContext) => {
    const given = { keys, encryptionContext } as unknown as DecryptOptions;
    const refusal = expect.objectContaining({ name: 'TypeError', code: 'ERR_SEALPIPE_CONTEXT' });
    expect(() => createDecryptStream(given)).toThrow(refusal);
  });

  it('fails where the pinned engine does not serve the suite of the stream, and says which', async () => {
    const sealed = await encrypt('hello', { keys, suite: 'AES-256-GCM-SIV' });
    const { error, bytes } = await outcomeOf(createDecryptStream({ keys, engine: 'node' }), sealed);
    if (error === undefined) expect(String(bytes)).toBe('hello');
    else
      expect(error).toMatchObject({
        name: 'RangeError',
        code: 'ERR_SEALPIPE_OPTIONS',
        message: expect.stringContaining('node'),
      });
  });
});
