import { DecryptCommand, EncryptCommand } from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { createKey, INVALID_CIPHERTEXT, localClient, refusal } from './support/local-client.js';
import { rawCall } from './support/raw-call.js';

type Pairs = readonly (readonly [key: string, value: string])[];

/** Own properties whatever they are called, `__proto__` included. */
const contextOf = (pairs: Pairs): Record<string, string> => Object.fromEntries(pairs);

async function sealedUnder(pairs: Pairs) {
  const { client } = localClient();
  const { keyId } = await createKey(client);
  const { CiphertextBlob } = await client.send(
    new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('x'), EncryptionContext: contextOf(pairs) }),
  );
  return (other: Pairs | undefined) =>
    client.send(
      new DecryptCommand({
        CiphertextBlob,
        EncryptionContext: other === undefined ? undefined : contextOf(other),
      }),
    );
}

describe('a ciphertext opens under its own context', () => {
  test.each<[string, Pairs, Pairs | undefined]>([
    ['none', [], []],
    ['none, left out', [], undefined],
    [
      'in another order',
      [
        ['a', '1'],
        ['b', '2'],
        ['10', '3'],
        ['9', '4'],
      ],
      [
        ['9', '4'],
        ['b', '2'],
        ['10', '3'],
        ['a', '1'],
      ],
    ],
    ['with an empty value', [['a', '']], [['a', '']]],
    ['with __proto__', [['__proto__', 'x']], [['__proto__', 'x']]],
    [
      'with constructor and toString',
      [
        ['constructor', 'x'],
        ['toString', 'y'],
      ],
      [
        ['toString', 'y'],
        ['constructor', 'x'],
      ],
    ],
    ['with U+FEFF and U+0000', [['\ufeffa', '\u0000']], [['\ufeffa', '\u0000']]],
    [
      'beyond the BMP',
      [
        ['\u{1f511}', '\u{1d11e}'],
        ['\uffff', ''],
      ],
      [
        ['\uffff', ''],
        ['\u{1f511}', '\u{1d11e}'],
      ],
    ],
  ])('%s', async (_what, pairs, same) => {
    await expect((await sealedUnder(pairs))(same)).resolves.toMatchObject({ Plaintext: expect.anything() });
  });
});

describe('a ciphertext stays shut under any other context', () => {
  test.each<[string, Pairs, Pairs | undefined]>([
    ['the border between key and value moved', [['a', 'bc']], [['ab', 'c']]],
    [
      'the border between pairs moved',
      [
        ['a', '1'],
        ['b', '2'],
      ],
      [['a', '1b2']],
    ],
    [
      'a pair is missing',
      [
        ['a', '1'],
        ['b', '2'],
      ],
      [['a', '1']],
    ],
    ['all are missing', [['a', '1']], undefined],
    [
      'a pair is new',
      [['a', '1']],
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['a context where there was none', [], [['', '']]],
    [
      'values are swapped',
      [
        ['a', '1'],
        ['b', '2'],
      ],
      [
        ['a', '2'],
        ['b', '1'],
      ],
    ],
    ['key and value are swapped', [['a', 'b']], [['b', 'a']]],
    ['case of a key', [['a', '1']], [['A', '1']]],
    ['case of a value', [['a', 'x']], [['a', 'X']]],
    ['NFD for NFC', [['k', '\u00e9']], [['k', 'e\u0301']]],
    ['NFC for NFD in a key', [['e\u0301', 'v']], [['\u00e9', 'v']]],
    ['without its U+FEFF', [['\ufeffa', 'v']], [['a', 'v']]],
    ['with a blank', [['a', 'v']], [['a', 'v ']]],
    ['__proto__ is missing', [['__proto__', 'x']], []],
    ['__proto__ has another value', [['__proto__', 'x']], [['__proto__', 'y']]],
    [
      'constructor is missing',
      [
        ['constructor', 'x'],
        ['a', '1'],
      ],
      [['a', '1']],
    ],
  ])('%s', async (_what, pairs, other) => {
    expect(await refusal((await sealedUnder(pairs))(other))).toEqual(INVALID_CIPHERTEXT);
  });
});

describe('what is no context', () => {
  const lone = JSON.parse('"\\ud800"');

  test.each<[string, unknown, string]>([
    ['a number', { a: 1 }, 'NUMBER_VALUE can not be converted to a String'],
    ['true', { a: true }, 'TRUE_VALUE can not be converted to a String'],
    ['false', { a: false }, 'FALSE_VALUE can not be converted to a String'],
    ['null', { a: null }, 'Unexpected null'],
    ['an object', { a: {} }, 'START_OBJECT can not be converted to a String'],
    ['a list', { a: ['b'] }, 'START_ARRAY can not be converted to a String'],
    ['a list of pairs', [['a', 'b']], 'Expected map or null'],
    ['a string', 'a=b', 'Expected map or null'],
    ['a value with a lone surrogate', { a: lone }, 'The string is not well-formed Unicode'],
    ['a key with a lone surrogate', { [lone]: 'a' }, 'The string is not well-formed Unicode'],
  ])('%s: SerializationException', async (_what, EncryptionContext, message) => {
    const { kms, client } = localClient();
    const { keyId } = await createKey(client);
    const body = JSON.stringify({ KeyId: keyId, KeySpec: 'AES_256', EncryptionContext });
    expect(await rawCall(kms, 'TrentService.GenerateDataKey', body)).toMatchObject({
      status: 400,
      content: { __type: 'SerializationException', message },
    });
  });

  test.each([
    [8192, true],
    [8193, false],
  ])('%i bytes of it are taken: %s', async (size, taken) => {
    const { client } = localClient();
    const { keyId } = await createKey(client);
    const overhead = 4 + 4 + 1 + 4;
    const EncryptionContext = { k: 'v'.repeat(size - overhead) };
    const call = client.send(
      new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('x'), EncryptionContext }),
    );
    if (taken) await expect(call).resolves.toBeDefined();
    else {
      expect(await refusal(call)).toEqual({
        name: 'ValidationException',
        status: 400,
        message:
          "1 validation error detected: Value at 'encryptionContext' failed to satisfy constraint: Member must have length less than or equal to 8192",
      });
    }
  });

  test('does not reach the prototype of anything', async () => {
    const { kms, client } = localClient();
    const { keyId } = await createKey(client);
    const body = `{"KeyId":"${keyId}","KeySpec":"AES_256","__proto__":{"NumberOfBytes":7},"EncryptionContext":{"__proto__":"x"}}`;
    expect((await rawCall(kms, 'TrentService.GenerateDataKey', body)).status).toBe(200);
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('NumberOfBytes');
  });
});
