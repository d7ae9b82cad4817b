import { describe, expect, it } from 'vitest';
import { kms } from '../../../src/keys/kms/index.js';
import { keyRequest } from '../../conformance/key-request.js';
import type { Reply } from './fake-service.js';
import { refusal } from './fake-service.js';
import { rejection, serviceForTests, told } from './service-for-tests.js';

const html = (status: number): Reply => ({
  status,
  body: '<!doctype html><title>Server Error</title>',
  type: 'text/html',
});
const UNAVAILABLE = 'ERR_SEALPIPE_KEY_UNAVAILABLE';

describe('a call that does not reach KMS', () => {
  const service = serviceForTests();
  const failure = (more = {}) => {
    const clientConfig = { ...service().clientConfig(), ...more };
    return rejection(kms({ keyId: service().kms.createKey(), clientConfig }).generate(keyRequest()));
  };

  it.each(['reset', 'cut'] as const)('because the connection was %s, may be tried again', async (fault) => {
    service().fault = () => fault;
    const error = await failure();
    expect(error).toMatchObject({ code: UNAVAILABLE, retryable: true, cause: { code: 'ECONNRESET' } });
    expect(error.message).toMatch(/connection to KMS failed.*ECONNRESET/);
  });

  it('because nobody listens there, may be tried again', async () => {
    const { endpoint } = service();
    await service().close();
    const error = await failure({ endpoint });
    expect(error).toMatchObject({ code: UNAVAILABLE, retryable: true, cause: { code: 'ECONNREFUSED' } });
  });

  it('because the host has no address, says so', async () => {
    const lookup = (_: unknown, __: unknown, done: (error: Error) => void) =>
      done(Object.assign(new Error('getaddrinfo ENOTFOUND kms'), { code: 'ENOTFOUND' }));
    const { Agent } = await import('node:http');
    const requestHandler = { httpAgent: new Agent({ lookup: lookup as never }) };
    const error = await failure({ endpoint: 'http://kms.example', requestHandler });
    expect(error).toMatchObject({ code: UNAVAILABLE, retryable: true });
    expect(told(error)).toMatch(/host name.*ENOTFOUND.*region.*endpoint/);
  });

  it("because the client's own time limit passed, is a timeout", async () => {
    service().fault = () => 'hang';
    const error = await failure({ requestHandler: { requestTimeout: 50 } });
    expect(error).toMatchObject({
      code: 'ERR_SEALPIPE_TIMEOUT',
      retryable: true,
      cause: { name: 'TimeoutError' },
    });
    expect(told(error)).toContain('Check the network between this machine and KMS, or raise `timeout`');
  });

  it.each([500, 502, 503, 504])('but an HTML page with status %i, may be tried again', async (status) => {
    service().fault = () => html(status);
    const error = await failure();
    expect(error).toMatchObject({ code: UNAVAILABLE, retryable: true });
    expect(told(error)).toMatch(/Try again later/);
  });

  it.each([
    [200, UNAVAILABLE, /not KMS.*endpoint.*proxy/],
    [302, UNAVAILABLE, /not KMS/],
    [403, 'ERR_SEALPIPE_KEY_DENIED', /forbids.*proxy/],
    [404, UNAVAILABLE, /not KMS/],
  ])('but an HTML page with status %i, is final', async (status, code, hint) => {
    service().fault = () => html(status);
    const error = await failure();
    expect(error).toMatchObject({ code, retryable: false });
    expect(told(error)).toMatch(hint);
  });

  it.each([
    [429, UNAVAILABLE, true, /throttles.*Try again later/],
    [400, UNAVAILABLE, false, /refused the call/],
    [401, 'ERR_SEALPIPE_KEY_DENIED', false, /forbids.*proxy/],
    [418, UNAVAILABLE, false, /not KMS/],
    [501, UNAVAILABLE, true, /Try again later/],
  ])('but an error of no name with status %i, is told by it', async (status, code, retryable, hint) => {
    service().fault = () => ({ status, body: '{}' });
    const error = await failure();
    expect(error).toMatchObject({ code, retryable });
    expect(told(error)).toMatch(hint);
  });

  it.each([
    ['with FIPS', { useFipsEndpoint: true }, 'EndpointError'],
    ['with dual-stack', { useDualstackEndpoint: true }, 'EndpointError'],
    ['that is no URL', { endpoint: 'nonsense' }, 'ERR_INVALID_URL'],
  ])('because of an endpoint %s, says what to check', async (_, more, name) => {
    const error = await failure(more);
    expect(error).toMatchObject({ code: UNAVAILABLE, retryable: false });
    expect(told(error)).toMatch(new RegExp(`\\(${name}\\)\\. Check AWS_ENDPOINT_URL.*AWS_USE_FIPS_ENDPOINT`));
  });

  it('gets there after the retries of the SDK', async () => {
    let left = 2;
    service().fault = () => (left-- > 0 ? refusal('KMSInternalException', '', 500) : undefined);
    const clientConfig = { ...service().clientConfig(), maxAttempts: 3 };
    const { dataKey } = await kms({ keyId: service().kms.createKey(), clientConfig }).generate(keyRequest());
    expect(dataKey).toHaveLength(32);
    expect(service().received).toHaveLength(3);
  });

  it.each(['ThrottlingException', 'LimitExceededException'])(
    'fails with %s once the retries of the SDK are used up',
    async (name) => {
      service().fault = () => refusal(name, 'Rate exceeded');
      const error = await failure({ maxAttempts: 2 });
      expect(error).toMatchObject({ code: UNAVAILABLE, cause: { name, $metadata: { attempts: 2 } } });
      expect(service().received).toHaveLength(2);
    },
  );

  it('gets there although the clock of this machine is wrong, which the SDK corrects', async () => {
    let left = 1;
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    service().fault = () =>
      left-- > 0
        ? { ...refusal('InvalidSignatureException', 'Signature expired: now'), headers: { date } }
        : undefined;
    const clientConfig = { ...service().clientConfig(), maxAttempts: 2 };
    await kms({ keyId: service().kms.createKey(), clientConfig }).generate(keyRequest());
    expect(service().received).toHaveLength(2);
  });
});
