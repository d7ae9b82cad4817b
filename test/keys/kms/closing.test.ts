import { describe, expect, it, vi } from 'vitest';
import { kms } from '../../../src/keys/kms/index.js';
import { keyRequest } from '../../conformance/key-request.js';
import { eventually } from '../../support/eventually.js';
import { rejection, serviceForTests } from './service-for-tests.js';

describe('close() of a provider', () => {
  const service = serviceForTests();

  it('fails a call under way at once, which may be tried again, and the next call goes through', async () => {
    const provider = kms({ keyId: service().kms.createKey(), clientConfig: service().clientConfig() });
    service().fault = () => 'hang';
    const failed = rejection(provider.generate(keyRequest()));
    await eventually(() => expect(service().received).toHaveLength(1));
    provider.close();
    expect(await failed).toMatchObject({ code: 'ERR_SEALPIPE_KEY_UNAVAILABLE', retryable: true });
    service().fault = undefined;
    expect((await provider.generate(keyRequest())).dataKey).toHaveLength(32);
    provider[Symbol.dispose]();
    await eventually(async () => expect(await service().connections()).toBe(0));
  });

  it('leaves a client of the caller open', async () => {
    const { KMSClient } = await import('@aws-sdk/client-kms');
    const client = new KMSClient(service().clientConfig());
    const destroy = vi.spyOn(client, 'destroy');
    const provider = kms({ keyId: service().kms.createKey(), client });
    await provider.generate(keyRequest());
    provider.close();
    expect(destroy).not.toHaveBeenCalled();
    expect((await provider.generate(keyRequest())).dataKey).toHaveLength(32);
    client.destroy();
  });
});
