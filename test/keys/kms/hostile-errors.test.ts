import { describe, expect, it } from 'vitest';
import { kms } from '../../../src/keys/kms/index.js';
import type { KeyProvider, KeyRequest } from '../../../src/keys/provider.js';
import { encrypt } from '../../../src/session/one-shot.js';
import { createDecryptStream } from '../../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../../src/streams/encrypt-stream.js';
import { keyRequest } from '../../conformance/key-request.js';
import { QUOTINGS } from '../../conformance/quotings.js';
import { pathsTo, secretsIn } from '../../conformance/secret-search.js';
import { outcome, outcomeOf } from '../../support/outcome.js';
import { fakeClients } from './fake-clients.js';
import { FakeRefusal } from './fake-kms.js';
import { rejection } from './service-for-tests.js';

const LONG_VALUES = ['- '.repeat(4_000), '&'.repeat(8_000), '\u{1f600}'.repeat(1_900), '('.repeat(8_000)];

describe('a context that is long and odd', () => {
  it.each(LONG_VALUES)('leaves the error of a refused wrapping what it is (%#)', async (note) => {
    const { kms: service, client, ...clients } = fakeClients();
    const [one, other] = [service.createKey(), service.createKey()];
    let dataKey: Buffer | undefined;
    const refusing = fakeClients();
    refusing.before = () => {
      throw new FakeRefusal(
        'DisabledException',
        `${other} is disabled. ${note} ${dataKey?.toString('base64')}`,
      );
    };
    const first = kms({ keyId: one, client });
    const known: KeyProvider = {
      id: 'known',
      matches: () => false,
      unwrap: () => Promise.reject(new Error('no')),
      wrap: (key, request) => first.wrap(key, request),
      generate: async (request: KeyRequest) => {
        const generated = await first.generate(request);
        dataKey = Buffer.from(generated.dataKey);
        return generated;
      },
    };
    const keys = [known, kms({ keyId: other, client: refusing.client })];
    const { bytes, error } = await outcome(createEncryptStream({ keys, encryptionContext: { note } }));
    expect([bytes.length, clients.asked.length]).toEqual([0, 1]);
    expect(error).toMatchObject({
      code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
      message: expect.stringContaining('is disabled'),
      cause: { name: 'DisabledException' },
    });
    expect(secretsIn(error, dataKey!)).toEqual([]);
    expect(pathsTo(error, note.slice(0, 20))).toEqual([]);
  });

  it.each(LONG_VALUES)('leaves a stream that anybody can make not authentic (%#)', async (note) => {
    const clients = fakeClients();
    clients.kms.pointAlias('alias/a', clients.kms.createKey());
    const client = clients.client('eu-west-1') as Awaited<ReturnType<typeof clients.client>>;
    // Thirty-two recipients, and no key.
    const forged = Array.from({ length: 32 }, () => ({
      id: 'forged',
      matches: () => false,
      unwrap: () => Promise.reject(new Error('no')),
      wrap: async () => ({ provider: 'aws-kms', key: clients.kms.createKey(), wrapped: Buffer.alloc(64, 1) }),
      generate: async () => ({
        dataKey: Buffer.alloc(32, 1),
        recipient: { provider: 'aws-kms', key: clients.kms.createKey(), wrapped: Buffer.alloc(64, 1) },
      }),
    }));
    const sealed = await encrypt('x', { keys: forged, encryptionContext: { note } });
    const keys = kms({ keyId: 'alias/a', client });
    const { bytes, error } = await outcomeOf(createDecryptStream({ keys }), sealed);
    expect([bytes.length, error?.code, clients.asked.length]).toEqual([0, 'ERR_SEALPIPE_AUTHENTICATION', 32]);
  });
});

describe('an error that a client throws', () => {
  const trap = () => {
    throw new Error('trapped');
  };
  const thrown: readonly (readonly [string, unknown])[] = [
    ['nothing', undefined],
    ['null', null],
    ['a symbol', Symbol('x')],
    ['a Proxy that throws', new Proxy({}, { get: trap, has: trap, getPrototypeOf: trap, ownKeys: trap })],
    ['a name and a code that are no text', { name: Object.create(null), code: Object.create(null) }],
    ['a message that is no text', { name: 'KMSInvalidStateException', message: Object.create(null) }],
    ['metadata that throw', Object.defineProperty(new Error('x'), '$metadata', { get: trap })],
    ['one that looks like one of ours', Object.assign(new Error('mine'), { code: 'ERR_SEALPIPE_MINE' })],
  ];

  it.each(thrown)('is explained, whatever it is: %s', async (_, error) => {
    const clients = fakeClients();
    clients.before = () => {
      throw error;
    };
    const provider = kms({ keyId: clients.kms.createKey(), client: clients.client });
    expect(await rejection(provider.generate(keyRequest()))).toMatchObject({
      name: 'SealpipeError',
      code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
      retryable: false,
      message: expect.stringMatching(/^KMS GenerateDataKey with arn:/),
    });
  });

  it.each(QUOTINGS)('may quote data key and context as %s, and they stay out of it', async (_, quote) => {
    const value = 'Patient 4711 "Müller"';
    const dataKey = Buffer.from('data key of thirty-two bytes 0123');
    const clients = fakeClients();
    const quoted = [value, dataKey.toString('base64'), dataKey.toString('latin1')].map(quote);
    clients.before = () => {
      throw Object.assign(new FakeRefusal(quoted.join('|'), `Value ${quoted.join()} failed`), {
        code: quoted[1],
        $metadata: { requestId: quoted[0], attempts: 2 },
        cause: new Error(quoted[2]),
      });
    };
    const provider = kms({ keyId: clients.kms.createKey(), client: clients.client });
    const error = await rejection(provider.wrap(dataKey, keyRequest({ context: { patient: value } })));
    for (const text of [...quoted, value]) expect(pathsTo(error, text)).toEqual([]);
    expect(secretsIn(error, dataKey)).toEqual([]);
    expect(error).toMatchObject({ cause: { $metadata: { attempts: 2 } } });
  });

  it('leaves the name of the key as it is, whatever the context says', async () => {
    const clients = fakeClients();
    clients.before = () => {
      throw new FakeRefusal(
        'NotFoundException',
        'Alias arn:aws:kms:eu-west-1:111122223333:alias/backup is not found.',
      );
    };
    const provider = kms({ keyId: 'alias/backup', client: clients.client('eu-west-1') as never });
    const error = await rejection(provider.generate(keyRequest({ context: { purpose: 'backup' } })));
    expect(error.message).toContain('GenerateDataKey with alias/backup in eu-west-1');
    expect(error['cause']).toMatchObject({ name: 'NotFoundException', message: 'no such alias' });
  });
});
