import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { KeyRequest } from '../../../src/keys/provider.js';
import { rewrap } from '../../../src/sealed/rewrapping/rewrap.js';
import { altered } from '../../support/altered-provider.js';
import {
  expectOpens,
  expectRefused,
  plant,
  raw,
  recipientsOf,
  sealedFile,
  serviceKey,
} from './rewrap-kit.js';

const keysOfService = () =>
  ['old', 'other', 'new'].map((name) => serviceKey(name)) as [
    ReturnType<typeof serviceKey>,
    ReturnType<typeof serviceKey>,
    ReturnType<typeof serviceKey>,
  ];

/** The calls of all of these keys, those of sealing left out. */
function calls(...keys: readonly { readonly calls: string[] }[]): string[] {
  return keys.flatMap((key) => key.calls.splice(0));
}

describe('a re-wrap that has not checked the commitment', () => {
  it('is one ReEncrypt: the data key is never unwrapped', async () => {
    const [old, , next] = keysOfService();
    const path = await sealedFile([old]);
    const report = await rewrap(path, { keys: old, to: next });
    expect(calls(old, next)).toEqual(['ReEncrypt']);
    expect(report).toMatchObject({ checked: false, recipients: [{ key: next.arn, made: 're-encrypted' }] });
    await expectOpens(path, [next]);
  });

  it('replaces only the recipient that it re-encrypted, and leaves the others', async () => {
    const [old, other, next] = keysOfService();
    const path = await sealedFile([other, old]);
    calls(old, other, next);
    await rewrap(path, { keys: old, to: next, neverUnwrap: true });
    expect(await recipientsOf(path)).toEqual([other.arn, next.arn]);
    expect(calls(old, other, next)).toEqual(['ReEncrypt']);
    await expectOpens(path, [other, next]);
  });

  it('loses nothing where someone had put another blob in the place: the other recipient still opens', async () => {
    const [old, other, next] = keysOfService();
    const path = await sealedFile([old, other]);
    await plant(path, old);
    await rewrap(path, { keys: old, to: next });
    expect(await recipientsOf(path)).toEqual([next.arn, other.arn]);
    await expectOpens(path, [other]);
  });

  it('adds beside what is there', async () => {
    const [old, other, next] = keysOfService();
    const path = await sealedFile([old]);
    await rewrap(path, { keys: old, add: [other, next] });
    expect(await recipientsOf(path)).toEqual([old.arn, other.arn, next.arn]);
    expect(calls(old)).toEqual(['ReEncrypt', 'ReEncrypt']);
    await expectOpens(path, [old, other, next]);
  });
});

describe('a re-wrap that removes others', () => {
  it('has unwrapped one of the remaining wrappings', async () => {
    const [old, other, next] = keysOfService();
    const path = await sealedFile([old, other]);
    calls(old, other, next);
    const gone = { provider: 'aws-kms', key: other.arn };
    const report = await rewrap(path, { keys: old, to: next, remove: gone });
    expect(calls(next)).toEqual(['Decrypt']);
    expect(report).toMatchObject({ checked: true, recipients: [{ key: next.arn }] });
    expect(report.removed).toContainEqual(gone);
    await expectOpens(path, [next]);
  });

  it('is refused if the remaining one is another blob of the same key', async () => {
    const [old, other] = keysOfService();
    const path = await sealedFile([old, other]);
    await plant(path, old);
    const remove = { provider: 'aws-kms', key: other.arn };
    await expectRefused(path, () => rewrap(path, { keys: old, remove }), 'ERR_SEALPIPE_AUTHENTICATION');
    await expectOpens(path, [other]);
  });

  it('is refused if what was made does not open the stream', async () => {
    const [old, other, next] = keysOfService();
    const path = await sealedFile([old, other]);
    const faulty = altered(next, {
      id: next.id,
      wrap: (dataKey: Uint8Array, request: KeyRequest) => next.wrap(Buffer.alloc(dataKey.length, 1), request),
      rewrap: undefined,
    });
    const remove = { provider: 'aws-kms', key: other.arn };
    await expectRefused(
      path,
      () => rewrap(path, { keys: old, to: faulty, remove }),
      'ERR_SEALPIPE_AUTHENTICATION',
    );
  });

  it('is refused if no remaining one is of the keys', async () => {
    const [old, other] = keysOfService();
    const path = await sealedFile([old, other]);
    const remove = { provider: 'aws-kms', key: old.arn };
    await expectRefused(path, () => rewrap(path, { keys: old, remove }), 'ERR_SEALPIPE_KEY_MISMATCH');
  });

  it('never removes the last one', async () => {
    const [old, other] = keysOfService();
    const path = await sealedFile([old, other]);
    const remove = [old, other].map(({ arn }) => ({ provider: 'aws-kms', key: arn }));
    await expectRefused(path, () => rewrap(path, { keys: old, remove }), 'ERR_SEALPIPE_OPTIONS');
  });

  it('may remove the one that it opened, once another opens', async () => {
    const [old, other, next] = keysOfService();
    const path = await sealedFile([old, other]);
    await rewrap(path, { keys: old, add: next, remove: { provider: 'aws-kms', key: old.arn } });
    expect(await recipientsOf(path)).toEqual([other.arn, next.arn]);
    await expectOpens(path, [other, next]);
  });

  it('does nothing if what is to go is not there, and says so', async () => {
    const [old, other] = keysOfService();
    const path = await sealedFile([old]);
    const remove = { provider: 'aws-kms', key: other.arn };
    expect(await rewrap(path, { keys: old, remove })).toMatchObject({
      way: 'unchanged',
      absent: [remove],
      calls: [],
    });
  });
});

describe('a re-wrap for a recipient that already exists', () => {
  it.each(['to', 'add'] as const)(
    'by `%s` has met the commitment, and makes that recipient anew',
    async (option) => {
      const [old, other, next] = keysOfService();
      const path = await sealedFile([old, next, other]);
      await plant(path, next);
      calls(old, other, next);
      const report = await rewrap(path, { keys: old, [option]: next });
      expect(report.checked).toBe(true);
      expect((await recipientsOf(path)).filter((key) => key === next.arn)).toHaveLength(1);
      expect(calls(old)[0]).toBe('Decrypt');
      await expectOpens(path, option === 'to' ? [next, other] : [old, next, other]);
    },
  );

  it('is refused where the one that the keys open is another blob', async () => {
    const [old, , next] = keysOfService();
    const path = await sealedFile([old, next]);
    await plant(path, old);
    await expectRefused(path, () => rewrap(path, { keys: old, to: next }), 'ERR_SEALPIPE_AUTHENTICATION');
    await expectOpens(path, [next]);
  });

  it('is found out late behind an alias, and is checked all the same', async () => {
    const [old, , next] = keysOfService();
    const alias = serviceKey('new', { id: 'alias/new' });
    const path = await sealedFile([old, next]);
    await plant(path, old);
    await expectRefused(path, () => rewrap(path, { keys: old, to: alias }), 'ERR_SEALPIPE_AUTHENTICATION');
    const error = await expectRefused(
      path,
      () => rewrap(path, { keys: old, to: alias, neverUnwrap: true }),
      'ERR_SEALPIPE_OPTIONS',
    );
    expect(error.message).toContain('neverUnwrap');
    expect(calls(alias)).toEqual([]);
  });
});

describe('`check`', () => {
  it('unwraps once, and refuses another blob', async () => {
    const [old, other, next] = keysOfService();
    const path = await sealedFile([old, other]);
    calls(old, other);
    const copy = await readFile(path);
    expect((await rewrap(path, { keys: old, to: next, check: true })).checked).toBe(true);
    expect([...calls(old, other, next)].filter((call) => call === 'Decrypt')).toEqual(['Decrypt']);
    expect(copy.equals(await readFile(path))).toBe(false);
    const planted = await sealedFile([old, other]);
    await plant(planted, old);
    const options = { keys: old, to: next, check: true };
    await expectRefused(planted, () => rewrap(planted, options), 'ERR_SEALPIPE_AUTHENTICATION');
  });

  it('is always made for raw keys, also of what was wrapped', async () => {
    const path = await sealedFile([raw('old'), raw('other')]);
    await plant(path, raw('old'));
    const options = { keys: raw('old'), to: raw('new') };
    await expectRefused(path, () => rewrap(path, options), 'ERR_SEALPIPE_AUTHENTICATION');
    const fine = await sealedFile([raw('old')]);
    const wrong = altered(raw('new'), {
      wrap: (dataKey: Uint8Array, request: KeyRequest) =>
        raw('new').wrap(Buffer.alloc(dataKey.length, 1), request),
    });
    await expectRefused(
      fine,
      () => rewrap(fine, { keys: raw('old'), to: wrong }),
      'ERR_SEALPIPE_AUTHENTICATION',
    );
    expect(await rewrap(fine, options)).toMatchObject({
      checked: true,
      recipients: [{ key: 'new', made: 'wrapped' }],
    });
  });
});

describe('`neverUnwrap`', () => {
  const [old, , next] = keysOfService();
  const far = serviceKey('far', { region: 'us-east-2' });
  it.each<[string, object]>([
    ['`check`', { to: next, check: true }],
    ['`remove`', { remove: { provider: 'raw', key: 'other' } }],
    ['a recipient that exists', { to: old }],
    ['a key of another region', { to: far }],
    ['a raw key', { to: raw('new') }],
    ['one of several that cannot be reached', { to: [next, far] }],
  ])('refuses %s as wrong use, before anything is unwrapped', async (_, options) => {
    const path = await sealedFile([old, raw('other')]);
    calls(old, next, far);
    const work = () => rewrap(path, { keys: [raw('other'), old], neverUnwrap: true, ...options });
    await expectRefused(path, work, 'ERR_SEALPIPE_OPTIONS');
    expect(calls(old, next, far)).not.toContain('Decrypt');
    expect(calls(old, next, far)).not.toContain('Encrypt');
  });

  it('re-encrypts what can be, whatever else the keys could open', async () => {
    const path = await sealedFile([raw('other'), old]);
    await rewrap(path, { keys: [raw('other'), old], to: next, neverUnwrap: true });
    expect(await recipientsOf(path)).toEqual(['other', next.arn]);
  });
});
