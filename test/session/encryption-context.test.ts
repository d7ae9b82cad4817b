import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { readHeader } from '../../src/streams/read-header.js';
import { outcomeOf } from '../support/outcome.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { keys } from '../support/test-keys.js';
import { watched } from '../support/watched-provider.js';

expectQuietProcess();

const encryptionContext = { tenant: '42', purpose: 'backup' };
const CONTEXT = { name: 'SealpipeError', code: 'ERR_SEALPIPE_CONTEXT' };

async function open(sealed: Uint8Array, context: Record<string, string> | undefined) {
  const { provider, calls } = watched(keys);
  const stream = createDecryptStream({ keys: provider, encryptionContext: context });
  return { ...(await outcomeOf(stream, sealed)), calls, header: stream.header };
}

describe('a context that is in the stream', () => {
  it.each([
    ['none', undefined],
    ['the empty one', {}],
    ['a part of it', { tenant: '42' }],
    ['the whole of it', encryptionContext],
    ['the whole of it in another order', { tenant: '42', purpose: 'backup' }],
  ])('opens where the reader requires %s', async (_, required) => {
    const { bytes, header } = await open(await encrypt('hello', { keys, encryptionContext }), required);
    expect([String(bytes), { ...header?.encryptionContext }]).toEqual(['hello', encryptionContext]);
  });

  it.each([
    ['another value', { tenant: '43' }],
    ['another key', { Tenant: '42' }],
    ['one pair more', { ...encryptionContext, extra: '' }],
    ['the same bytes cut elsewhere', { tenan: 't42' }],
    ['a name that every object has', { constructor: 'x' }],
    ['the other normal form', { tenant: '42', purpose: 'backu\u0070\u0301' }],
  ])('is refused before any key call where the reader requires %s', async (_, required) => {
    const sealed = await encrypt('hello', { keys, encryptionContext });
    const { bytes, error, calls, header } = await open(sealed, required);
    expect(error).toMatchObject(CONTEXT);
    expect([bytes.length, calls, header]).toEqual([0, [], undefined]);
    await expect(decrypt(sealed, { keys, encryptionContext: required })).rejects.toMatchObject(CONTEXT);
  });

  it('says no value in the error', async () => {
    const sealed = await encrypt('x', { keys, encryptionContext: { secret: 'one' } });
    const { error } = await open(sealed, { secret: 'another' });
    expect(error?.message).not.toMatch(/one\b|another\b.*secret/);
  });
});

describe('a context that the stream withholds', () => {
  const seal = (context: Record<string, string>) =>
    encrypt('hello', { keys, encryptionContext: context, withholdContext: true });

  it('is not in its bytes, and its header says so', async () => {
    const sealed = await seal(encryptionContext);
    expect((await readHeader(sealed)).encryptionContext).toBeNull();
    expect(sealed.includes('backup') || sealed.includes('purpose')).toBe(false);
    const stream = createEncryptStream({ keys, encryptionContext, withholdContext: true });
    await outcomeOf(stream);
    expect(stream.header?.encryptionContext).toBeNull();
  });

  it('opens with the whole of it', async () => {
    const { bytes, calls } = await open(await seal(encryptionContext), encryptionContext);
    expect([String(bytes), calls]).toEqual(['hello', ['unwrap']]);
  });

  it('is a context error without one, before any key call, also where it is empty', async () => {
    for (const context of [encryptionContext, {}]) {
      const { error, calls } = await open(await seal(context), undefined);
      expect(error).toMatchObject(CONTEXT);
      expect(calls).toEqual([]);
    }
  });

  it('opens with {} where it is empty', async () => {
    expect(String((await open(await seal({}), {})).bytes)).toBe('hello');
  });

  it.each([
    ['a part of it', { tenant: '42' }],
    ['more than it', { ...encryptionContext, extra: '' }],
    ['another one', { tenant: '43', purpose: 'backup' }],
    ['the empty one', {}],
  ])('does not open with %s', async (_, wrong) => {
    const { bytes, error, calls } = await open(await seal(encryptionContext), wrong);
    expect(error).toMatchObject({ code: 'ERR_SEALPIPE_AUTHENTICATION' });
    expect([bytes.length, calls.length]).toEqual([0, 1]);
  });
});

describe('a context with odd keys', () => {
  const odd = JSON.parse(
    '{"__proto__":"a","constructor":"b","10":"c","2":"d","-":"e","\\ufefftop":"\\ufeff"}',
  );

  it.each([true, false])('comes back as it was (withheld: %s)', async (withholdContext) => {
    const sealed = await encrypt('hello', { keys, encryptionContext: odd, withholdContext });
    const { bytes, header } = await open(sealed, odd);
    expect(String(bytes)).toBe('hello');
    if (!withholdContext)
      expect(Object.entries(header?.encryptionContext ?? {}).sort()).toEqual(Object.entries(odd).sort());
    const { __proto__: _, ...less } = odd;
    if (withholdContext) expect((await open(sealed, less)).error?.code).toBe('ERR_SEALPIPE_AUTHENTICATION');
  });

  it('is taken at the call: what the caller changes later has no effect', async () => {
    const context: Record<string, string> = { a: '1' };
    const stream = createEncryptStream({ keys, encryptionContext: context });
    context.a = '2';
    context.b = '3';
    await outcomeOf(stream);
    expect({ ...stream.header?.encryptionContext }).toEqual({ a: '1' });
  });
});
