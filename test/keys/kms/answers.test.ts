import { describe, expect, it } from 'vitest';
import { kms } from '../../../src/keys/kms/index.js';
import { keyRequest } from '../../conformance/key-request.js';
import { secretsIn } from '../../conformance/secret-search.js';
import type { Fields } from './fake-kms.js';
import { rejection, serviceForTests, told } from './service-for-tests.js';

const AUTHENTICATION = 'ERR_SEALPIPE_AUTHENTICATION';
const UNAVAILABLE = 'ERR_SEALPIPE_KEY_UNAVAILABLE';
const SECRET = Buffer.from(Array.from({ length: 32 }, (_, i) => 200 - i));

describe('an answer that KMS does not give', () => {
  const service = serviceForTests();
  /** Answers as KMS, with some fields replaced; undefined takes a field away. */
  const alter = (fields: Fields) => {
    service().fault = ({ operation, input, region }) => {
      const answer = { ...service().kms.answer(operation, input, region), ...fields };
      return { status: 200, body: JSON.stringify(answer) };
    };
  };
  const make = () => {
    const keyId = service().kms.createKey();
    return { keyId, provider: kms({ keyId, clientConfig: service().clientConfig() }) };
  };
  const ofBytes = (length: number) => Buffer.alloc(length, 7).toString('base64');

  it.each<[string, Fields, RegExp]>([
    ['has no key ARN', { KeyId: undefined }, /KeyId is not a key ARN/],
    ['has a key id for an ARN', { KeyId: '1234abcd-12ab-34cd-56ef-1234567890ab' }, /KeyId is not a key ARN/],
    [
      'has an ARN with a line break',
      { KeyId: 'arn:aws:kms:eu-west-1:111122223333:key/a\n' },
      /not a key ARN/,
    ],
    ['is of another key', { KeyId: 'arn:aws:kms:eu-west-1:111122223333:key/other' }, /it names .*key\/other/],
    ['has no plaintext', { Plaintext: undefined }, /no Plaintext/],
    ['has an empty plaintext', { Plaintext: '' }, /0 bytes and not 32/],
    ['has a plaintext that is too short', { Plaintext: ofBytes(31) }, /31 bytes and not 32/],
    ['has a plaintext that is too long', { Plaintext: ofBytes(33) }, /33 bytes and not 32/],
    ['has no wrapped key', { CiphertextBlob: undefined }, /CiphertextBlob is not 1 to 6144 bytes/],
    ['has an empty wrapped key', { CiphertextBlob: '' }, /CiphertextBlob/],
    ['has a wrapped key that is too long', { CiphertextBlob: ofBytes(6_145) }, /CiphertextBlob/],
  ])('to GenerateDataKey and %s, is refused', async (_, fields, why) => {
    const { provider } = make();
    alter(fields);
    const error = await rejection(provider.generate(keyRequest()));
    expect(error).toMatchObject({ code: UNAVAILABLE, retryable: false });
    expect(told(error)).toMatch(why);
  });

  it.each<[string, Fields, string]>([
    ['has no key ARN', { KeyId: undefined }, UNAVAILABLE],
    ['has a key id for an ARN', { KeyId: '1234abcd-12ab-34cd-56ef-1234567890ab' }, UNAVAILABLE],
    ['has an alias ARN', { KeyId: 'arn:aws:kms:eu-west-1:111122223333:alias/a' }, UNAVAILABLE],
    ['is of another key', { KeyId: 'arn:aws:kms:eu-west-1:111122223333:key/other' }, AUTHENTICATION],
    ['is of another account', { KeyId: 'arn:aws:kms:eu-west-1:999922223333:key/other' }, AUTHENTICATION],
    ['has no plaintext', { Plaintext: undefined }, UNAVAILABLE],
    ['has an empty plaintext', { Plaintext: '' }, AUTHENTICATION],
    ['has a plaintext that is too short', { Plaintext: ofBytes(31) }, AUTHENTICATION],
    ['has a plaintext that is too long', { Plaintext: ofBytes(1_025) }, AUTHENTICATION],
  ])('to Decrypt and %s, is refused', async (_, fields, code) => {
    const { provider } = make();
    const { recipient } = await provider.generate(keyRequest());
    alter(fields);
    expect(await rejection(provider.unwrap(recipient, keyRequest()))).toMatchObject({ code });
  });

  it.each<[string, Fields]>([
    ['has no key ARN', { KeyId: undefined }],
    ['is of another key', { KeyId: 'arn:aws:kms:eu-west-1:111122223333:key/other' }],
    ['has no wrapped key', { CiphertextBlob: undefined }],
    ['has an empty wrapped key', { CiphertextBlob: '' }],
    ['has a wrapped key that is too long', { CiphertextBlob: ofBytes(6_145) }],
  ])('to Encrypt and %s, is refused', async (_, fields) => {
    const { provider } = make();
    alter(fields);
    const error = await rejection(provider.wrap(Buffer.alloc(32, 9), keyRequest()));
    expect(error).toMatchObject({ code: UNAVAILABLE, retryable: false });
  });

  it('longer than the suite needs is taken from Decrypt, up to 1,024 bytes', async () => {
    const { provider } = make();
    const recipient = await provider.wrap(Buffer.alloc(1_024, 3), keyRequest());
    expect(await provider.unwrap(recipient, keyRequest())).toHaveLength(1_024);
  });

  it.each([
    ['JSON that breaks off', `{"KeyId":"x","Plaintext":"${SECRET.toString('base64')}",`],
    ['JSON that breaks off in the key', `{"Plaintext":"${SECRET.toString('base64')}`],
    ['base64 that is none', `{"Plaintext":"${SECRET.toString('base64')}","CiphertextBlob":"****"}`],
    ['no JSON', SECRET.toString('base64')],
    ['nothing', ''],
    ['null', 'null'],
    ['an array', '[]'],
    ['the key as a number list', `{"Plaintext":[${[...SECRET].join(',')}]}`],
  ])('but %s, is refused, and nothing of it shows', async (_, body) => {
    const { provider } = make();
    service().fault = () => ({ status: 200, body });
    const error = await rejection(provider.generate(keyRequest()));
    expect(error).toMatchObject({ code: UNAVAILABLE, retryable: false });
    for (const part of [SECRET, SECRET.subarray(0, 6), SECRET.subarray(24, 30)]) {
      expect(secretsIn(error, part)).toEqual([]);
    }
  });
});
