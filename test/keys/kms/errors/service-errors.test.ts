import { describe, expect, it } from 'vitest';
import { SealpipeError } from '../../../../src/errors.js';
import { SERVICE_ERRORS } from '../../../../src/keys/kms/errors/service-errors.js';
import { KMS_ERRORS, KMS_KEY_STATES, kms } from '../../../../src/keys/kms/index.js';
import { keyRequest } from '../../../conformance/key-request.js';
import { refusal } from '../fake-service.js';
import { rejection, serviceForTests, told } from '../service-for-tests.js';

const UNAVAILABLE = 'ERR_SEALPIPE_KEY_UNAVAILABLE';
const DENIED = 'ERR_SEALPIPE_KEY_DENIED';
const NOT_FOUND = 'ERR_SEALPIPE_KEY_NOT_FOUND';
const AUTHENTICATION = 'ERR_SEALPIPE_AUTHENTICATION';

const EXPECTED = [
  ['ThrottlingException', 400, 'Rate exceeded', UNAVAILABLE, true, /throttles.*Try again later.*quota/],
  ['KMSInternalException', 500, '', UNAVAILABLE, true, /Try again later/],
  ['DependencyTimeoutException', 500, '', UNAVAILABLE, true, /Try again later/],
  ['KeyUnavailableException', 500, '', UNAVAILABLE, true, /Try again later/],
  ['InvalidSignatureException', 400, 'Signature expired: now', DENIED, false, /secret access key.*clock/],
  ['RequestExpired', 400, '', DENIED, false, /clock/],
  ['ExpiredTokenException', 400, '', DENIED, false, /expired.*Sign in again/],
  ['UnrecognizedClientException', 400, '', DENIED, false, /does not know these credentials/],
  ['InvalidClientTokenId', 400, '', DENIED, false, /does not know these credentials/],
  [
    'AccessDeniedException',
    400,
    'User x is not authorized',
    DENIED,
    false,
    /Allow kms:GenerateDataKey on this key/,
  ],
  [
    'NotFoundException',
    400,
    'Invalid arn eu-west-1',
    NOT_FOUND,
    false,
    /Check its name, the account and the region/,
  ],
  ['InvalidArnException', 400, '', NOT_FOUND, false, /ARN/],
  ['DisabledException', 400, 'arn is disabled.', UNAVAILABLE, false, /disabled.*enable-key/],
  [
    'InvalidCiphertextException',
    400,
    '',
    AUTHENTICATION,
    false,
    /damaged, or was made under another encryption context/,
  ],
  ['IncorrectKeyException', 400, 'The key ID…', AUTHENTICATION, false, /another key/],
  ['InvalidKeyUsageException', 400, '', UNAVAILABLE, false, /SYMMETRIC_DEFAULT.*ENCRYPT_DECRYPT/],
  ['InvalidGrantTokenException', 400, '', DENIED, false, /grant token/],
  ['DryRunOperationException', 400, 'The request would have succeeded', UNAVAILABLE, false, /dry run/],
  ['ValidationException', 400, "Value 'v' at 'x'", UNAVAILABLE, false, /small encryption context/],
  ['UnsupportedOperationException', 400, '', UNAVAILABLE, false, /SYMMETRIC_DEFAULT/],
  ['LimitExceededException', 400, '', UNAVAILABLE, false, /quota/],
  ['CustomKeyStoreInvalidStateException', 400, '', UNAVAILABLE, false, /key store/],
] as const;

describe('a refusal of KMS', () => {
  const service = serviceForTests();
  const failure = (keyId: string) =>
    rejection(kms({ keyId, clientConfig: service().clientConfig() }).generate(keyRequest()));

  it.each(EXPECTED)(
    '%s (%i %s) is %s, retryable: %s',
    async (name, status, message, code, retryable, hint) => {
      service().fault = () => refusal(name, message, status);
      const keyId = service().kms.createKey();
      const error = await failure(keyId);
      expect(error).toBeInstanceOf(SealpipeError);
      expect(error).toMatchObject({ code, retryable, cause: { name } });
      expect(told(error)).toMatch(hint);
      expect(error.message).toContain(`GenerateDataKey with ${keyId} in eu-west-1`);
      expect(error.message).toContain(`(${name})`);
    },
  );

  it('is known by its name, also with a namespace before it and in an error type of its own', async () => {
    service().fault = () => refusal('com.amazonaws.kms#DisabledException', 'no');
    expect(await failure(service().kms.createKey())).toMatchObject({
      code: UNAVAILABLE,
      message: expect.stringMatching(/is disabled/),
    });
  });

  it('of a wrong context is explained, since KMS has no words for it', async () => {
    service().fault = () => ({ status: 400, body: '{"__type":"InvalidCiphertextException"}' });
    const error = await failure(service().kms.createKey());
    expect(error).toMatchObject({ code: AUTHENTICATION, cause: { message: '[redacted]' } });
    expect(error.message).toMatch(/made under another encryption context/);
  });

  it('may write its message with a capital letter', async () => {
    service().fault = () => ({
      status: 400,
      body: '{"__type":"KMSInvalidStateException","Message":"k is creating."}',
    });
    expect(await failure(service().kms.createKey())).toMatchObject({ code: UNAVAILABLE, retryable: true });
  });

  it('that nobody knows is final, says its name, and not what it said', async () => {
    service().fault = () => refusal('NewlyMadeException', 'something');
    const error = await failure(service().kms.createKey());
    expect(error).toMatchObject({ code: UNAVAILABLE, retryable: false, cause: { message: '[redacted]' } });
    expect(error.message).toContain('NewlyMadeException');
  });

  it('for any name in the table comes out with its row', async () => {
    const keyId = service().kms.createKey();
    const provider = kms({ keyId, clientConfig: service().clientConfig() });
    for (const { names, code, retryable } of SERVICE_ERRORS) {
      for (const name of names) {
        service().fault = () => refusal(name);
        expect(await rejection(provider.generate(keyRequest())), name).toMatchObject({ code, retryable });
      }
    }
  });

  it.each(['Encrypt', 'Decrypt'] as const)(
    'of %s names that operation and its IAM action',
    async (operation) => {
      const keyId = service().kms.createKey();
      const provider = kms({ keyId, clientConfig: service().clientConfig() });
      const { dataKey, recipient } = await provider.generate(keyRequest());
      service().fault = () => refusal('AccessDeniedException');
      const call =
        operation === 'Encrypt'
          ? provider.wrap(dataKey, keyRequest())
          : provider.unwrap(recipient, keyRequest());
      expect(told(await rejection(call))).toMatch(
        new RegExp(`^KMS ${operation} with .*Allow kms:${operation} `),
      );
    },
  );
});

describe('the table of errors', () => {
  it('has every name once', () => {
    const names = KMS_ERRORS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('cannot be changed', () => {
    expect(() => Object.assign(KMS_ERRORS[0]!, { code: 'x' })).toThrow(TypeError);
    expect(() => (KMS_KEY_STATES as unknown[]).push(1)).toThrow(TypeError);
  });

  it('lets only what is unavailable or timed out be tried again', () => {
    const retryable = KMS_ERRORS.filter((row) => row.retryable).map(({ code }) => code);
    expect(new Set(retryable)).toEqual(new Set([UNAVAILABLE, 'ERR_SEALPIPE_TIMEOUT']));
  });
});
