import { describe, expect, it } from 'vitest';
import { kms } from '../../../src/keys/kms/index.js';
import { keyRequest } from '../../conformance/key-request.js';
import { rejection, serviceForTests, told } from './service-for-tests.js';

const AUTHENTICATION = 'ERR_SEALPIPE_AUTHENTICATION';

describe('a key', () => {
  const service = serviceForTests();
  const named = (keyId: string, region = 'eu-west-1') =>
    kms({ keyId, clientConfig: service().clientConfig(region) });
  const decrypts = () => service().received.filter(({ operation }) => operation === 'Decrypt');

  it.each(['its ARN', 'its id', 'an alias', 'an alias ARN'])('named by %s seals and opens', async (form) => {
    const arn = service().kms.createKey();
    service().kms.pointAlias('alias/backup', arn);
    const names: Record<string, string> = {
      'its ARN': arn,
      'its id': arn.split('/')[1]!,
      'an alias': 'alias/backup',
      'an alias ARN': arn.replace(/key\/.*/, 'alias/backup'),
    };
    const provider = named(names[form]!);
    const { dataKey, recipient } = await provider.generate(keyRequest());
    expect(recipient.key, 'the ARN that KMS returned, never an alias').toBe(arn);
    expect(await provider.unwrap(recipient, keyRequest())).toEqual(dataKey);
    expect(decrypts()[0]?.input).toMatchObject({ KeyId: names[form] });
    const wrapped = await named(arn).wrap(dataKey, keyRequest());
    expect(await provider.unwrap(wrapped, keyRequest())).toEqual(dataKey);
  });

  it('of another account is named by its ARN', async () => {
    const provider = named(service().kms.createKey({ account: '999922223333' }));
    const { dataKey, recipient } = await provider.generate(keyRequest());
    expect(recipient.key).toContain(':999922223333:');
    expect(await provider.unwrap(recipient, keyRequest())).toEqual(dataKey);
  });

  it('of another account is opened by its id alone, too, in its region', async () => {
    const arn = service().kms.createKey({ account: '999922223333' });
    const { dataKey, recipient } = await named(arn).generate(keyRequest());
    const byId = named(arn.split('/')[1]!);
    expect(byId.matches(recipient)).toBe(true);
    expect(await byId.unwrap(recipient, keyRequest())).toEqual(dataKey);
    expect(decrypts()[0]?.input).toMatchObject({ KeyId: arn.split('/')[1] });
  });

  it.each(['key/none', 'alias/none'])('that is not there is not found: %s', async (name) => {
    const error = await rejection(named(`arn:aws:kms:eu-west-1:111122223333:${name}`).generate(keyRequest()));
    expect(error).toMatchObject({ code: 'ERR_SEALPIPE_KEY_NOT_FOUND', retryable: false });
    expect(told(error)).toMatch(
      /in eu-west-1: KMS knows no key or alias of this name there.*\. Check its name/,
    );
  });

  it('whose alias was re-pointed opens by its ARN, and no longer by the alias', async () => {
    const [old, next] = [service().kms.createKey(), service().kms.createKey()];
    service().kms.pointAlias('alias/backup', old);
    const { dataKey, recipient } = await named('alias/backup').generate(keyRequest());
    service().kms.pointAlias('alias/backup', next);
    const error = await rejection(named('alias/backup').unwrap(recipient, keyRequest()));
    expect(error).toMatchObject({ code: AUTHENTICATION, cause: { name: 'IncorrectKeyException' } });
    expect(told(error)).toMatch(/name it by its ARN: the alias may now belong to another key/);
    expect(await named(old).unwrap(recipient, keyRequest())).toEqual(dataKey);
  });

  it('of an alias does not vouch for a recipient that names another key', async () => {
    const [ours, theirs] = [service().kms.createKey(), service().kms.createKey()];
    service().kms.pointAlias('alias/backup', ours);
    const { recipient } = await named('alias/backup').generate(keyRequest());
    const error = await rejection(named('alias/backup').unwrap({ ...recipient, key: theirs }, keyRequest()));
    expect(error).toMatchObject({ code: AUTHENTICATION });
    expect(error.message).toMatch(/another key opened it/);
  });

  it('of many regions opens with its replica, and the configured one is called', async () => {
    const id = 'mrk-1234abcd12ab34cd56ef1234567890ab';
    const here = service().kms.createKey({ id, region: 'eu-west-1' });
    const there = service().kms.createKey({ id, region: 'us-east-2' });
    const { dataKey, recipient } = await named(here).generate(keyRequest());
    const provider = named(there);
    expect(provider.matches(recipient)).toBe(true);
    expect(await provider.unwrap(recipient, keyRequest())).toEqual(dataKey);
    expect(decrypts()).toMatchObject([{ region: 'us-east-2', input: { KeyId: there } }]);
  });

  it('of many regions opens by an alias of its replica', async () => {
    const id = 'mrk-1234abcd12ab34cd56ef1234567890ab';
    const { recipient } = await named(service().kms.createKey({ id })).generate(keyRequest());
    service().kms.pointAlias('alias/backup', service().kms.createKey({ id, region: 'us-east-2' }));
    expect(await named('alias/backup', 'us-east-2').unwrap(recipient, keyRequest())).toHaveLength(32);
  });

  it('that the stream names is used within the limits of discovery', async () => {
    const arn = service().kms.createKey({ account: '444455556666', region: 'us-east-2' });
    const { dataKey, recipient } = await named(arn).generate(keyRequest());
    const provider = kms({
      discovery: { accounts: ['111122223333', '444455556666'] },
      clientConfig: service().clientConfig(),
    });
    expect(await provider.unwrap(recipient, keyRequest())).toEqual(dataKey);
    expect(decrypts()).toMatchObject([{ region: 'us-east-2', input: { KeyId: arn } }]);
  });

  it('of an alias leaves to discovery what discovery may open', async () => {
    const [ours, theirs] = [service().kms.createKey(), service().kms.createKey({ account: '444455556666' })];
    service().kms.pointAlias('alias/backup', ours);
    const provider = kms({
      keyId: 'alias/backup',
      discovery: { accounts: ['444455556666'] },
      clientConfig: service().clientConfig(),
    });
    for (const arn of [ours, theirs]) {
      const { dataKey, recipient } = await named(arn).generate(keyRequest());
      expect(await provider.unwrap(recipient, keyRequest())).toEqual(dataKey);
    }
    expect(decrypts().map(({ input }) => input['KeyId'])).toEqual(['alias/backup', theirs]);
  });
});
