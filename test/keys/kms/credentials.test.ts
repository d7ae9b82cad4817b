import { describe, expect, it } from 'vitest';
import { KMS_ERRORS, kms } from '../../../src/keys/kms/index.js';
import { keyRequest } from '../../conformance/key-request.js';
import { refusal } from './fake-service.js';
import { rejection, serviceForTests, told } from './service-for-tests.js';

const DENIED = 'ERR_SEALPIPE_KEY_DENIED';
/** The errors after which the credentials are refreshed. */
const STALE = KMS_ERRORS.filter(({ remedy }) => remedy === 'refresh').map(({ name }) => name);

describe('credentials', () => {
  const service = serviceForTests();
  /** A provider whose credentials are AKID1, then AKID2, …: a new one each time they are asked for. */
  const changing = () => {
    let asked = 0;
    const credentials = async () => ({ accessKeyId: `AKID${++asked}`, secretAccessKey: 's' });
    const clientConfig = { ...service().clientConfig(), credentials };
    return { provider: kms({ keyId: service().kms.createKey(), clientConfig }), asked: () => asked };
  };

  it('have gone stale by these names', () => {
    expect(STALE).toEqual([
      'ExpiredTokenException',
      'ExpiredToken',
      'UnrecognizedClientException',
      'InvalidClientTokenId',
    ]);
  });

  it.each(STALE)('are refreshed once when AWS answers %s, and then it works', async (name) => {
    const { provider } = changing();
    service().fault = ({ accessKeyId }) => (accessKeyId === 'AKID1' ? refusal(name) : undefined);
    const { dataKey, recipient } = await provider.generate(keyRequest());
    expect(service().received.map(({ accessKeyId }) => accessKeyId)).toEqual(['AKID1', 'AKID2']);
    expect(await provider.unwrap(recipient, keyRequest())).toEqual(dataKey);
    expect(service().received).toHaveLength(3);
  });

  it.each(STALE)('are refreshed no second time: then %s is final', async (name) => {
    const { provider, asked } = changing();
    service().fault = () => refusal(name);
    expect(await rejection(provider.generate(keyRequest()))).toMatchObject({
      code: DENIED,
      retryable: false,
    });
    expect(service().received).toHaveLength(2);
    expect(asked()).toBe(2);
  });

  it('are not refreshed for any other refusal', async () => {
    const { provider, asked } = changing();
    service().fault = () => refusal('AccessDeniedException');
    await rejection(provider.generate(keyRequest()));
    expect([service().received.length, asked()]).toEqual([1, 1]);
  });

  it('that cannot be refreshed fail the call with why', async () => {
    let asked = 0;
    const credentials = async () => {
      if (++asked > 1)
        throw Object.assign(new Error('the session is over'), { name: 'CredentialsProviderError' });
      return { accessKeyId: 'AKID', secretAccessKey: 's' };
    };
    service().fault = () => refusal('ExpiredTokenException');
    const clientConfig = { ...service().clientConfig(), credentials };
    const provider = kms({ keyId: service().kms.createKey(), clientConfig });
    const error = await rejection(provider.generate(keyRequest()));
    expect(error).toMatchObject({ code: DENIED, cause: { name: 'CredentialsProviderError' } });
    expect(told(error)).toMatch(/CredentialsProviderError.*AWS_PROFILE.*aws sso login/);
  });

  it('that never come fail the call at its deadline', async () => {
    const clientConfig = { ...service().clientConfig(), credentials: () => new Promise<never>(() => {}) };
    const provider = kms({ keyId: service().kms.createKey(), clientConfig, timeout: 60 });
    expect(await rejection(provider.generate(keyRequest()))).toMatchObject({ code: 'ERR_SEALPIPE_TIMEOUT' });
    expect(service().received).toEqual([]);
  });

  it('of a client without a way to refresh them are final at once', async () => {
    const stale = Object.assign(new Error('old'), { name: 'ExpiredTokenException' });
    let calls = 0;
    const client = {
      send: async () => {
        calls++;
        throw stale;
      },
      config: { region: () => 'eu-west-1' },
    };
    const provider = kms({ keyId: service().kms.createKey(), client });
    expect(await rejection(provider.generate(keyRequest()))).toMatchObject({
      code: DENIED,
      cause: { name: 'ExpiredTokenException' },
    });
    expect(calls).toBe(1);
  });
});

describe('a region that nobody gives', () => {
  const service = serviceForTests();

  it('is an error that says how to give one', async () => {
    const region = async (): Promise<string> => {
      throw new Error('Region is missing');
    };
    const provider = kms({ keyId: 'alias/a', clientConfig: { ...service().clientConfig(), region } });
    const error = await rejection(provider.generate(keyRequest()));
    expect(error).toMatchObject({ code: DENIED, cause: { message: '[redacted]' } });
    expect(told(error)).toMatch(/AWS_REGION.*ARN/);
  });
});
