import {
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  KMSClient,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { afterAll, describe, expect, it } from 'vitest';
import { KMS_KEY_STATES, kms } from '../../../../src/keys/kms/index.js';
import type { KeyProvider } from '../../../../src/keys/provider.js';
import { createLocalKms } from '../../../../src/local-kms/index.js';
import { keyRequest } from '../../../conformance/key-request.js';
import { refusal } from '../fake-service.js';
import { rejection, serviceForTests, told } from '../service-for-tests.js';

const UNAVAILABLE = 'ERR_SEALPIPE_KEY_UNAVAILABLE';

const STATES = [
  ['Disabled', 'DisabledException', 'is disabled.', false, /disabled.*enable-key/],
  ['Disabled', 'KMSInvalidStateException', 'is disabled.', false, /disabled.*enable-key/],
  ['PendingDeletion', 'KMSInvalidStateException', 'is pending deletion.', false, /cancel-key-deletion/],
  [
    'PendingReplicaDeletion',
    'KMSInvalidStateException',
    'is pending replica deletion.',
    false,
    /cancel-key-deletion/,
  ],
  ['PendingImport', 'KMSInvalidStateException', 'is pending import.', false, /Import key material/],
  ['Unavailable', 'KMSInvalidStateException', 'is unavailable.', true, /key store/],
  ['Creating', 'KMSInvalidStateException', 'is creating.', true, /a minute/],
  ['Updating', 'KMSInvalidStateException', 'is updating.', true, /a minute/],
  ['another', 'KMSInvalidStateException', 'is in a state of tomorrow.', false, /describe-key/],
] as const;

type Call = (one: KeyProvider, other: KeyProvider) => Promise<unknown>;

const CALLS: readonly (readonly [string, Call])[] = [
  ['GenerateDataKey', (one) => one.generate(keyRequest())],
  ['Encrypt', (one) => one.wrap(Buffer.alloc(32, 1), keyRequest())],
  ['Decrypt', async (one) => one.unwrap(await wrappedBy(one), keyRequest())],
  ['ReEncrypt', async (one, other) => one.rewrap?.(await wrappedBy(one), other, keyRequest())],
  ['ReEncrypt', async (one, other) => other.rewrap?.(await wrappedBy(other), one, keyRequest())],
];

/** What `one` wrapped before its key came into its state. */
const known = new WeakMap<KeyProvider, Awaited<ReturnType<KeyProvider['wrap']>>>();
const wrappedBy = async (one: KeyProvider) => known.get(one) ?? one.wrap(Buffer.alloc(32, 1), keyRequest());
const remember = async (...providers: readonly KeyProvider[]) => {
  for (const one of providers) known.set(one, await one.wrap(Buffer.alloc(32, 1), keyRequest()));
};

describe.each(STATES)('a key in the state %s (%s: it %s)', (state, name, says, retryable, hint) => {
  const service = serviceForTests();

  it.each(CALLS)('refuses %s, and says what to do', async (operation, call) => {
    const [keyId, otherId] = [service().kms.createKey(), service().kms.createKey()];
    const clientConfig = service().clientConfig();
    const [one, other] = [kms({ keyId, clientConfig }), kms({ keyId: otherId, clientConfig })];
    await remember(one, other);
    service().fault = () => refusal(name, `${keyId} ${says}`);
    const error = await rejection(call(one, other));
    expect(error).toMatchObject({
      code: UNAVAILABLE,
      retryable,
      cause: {
        name,
        message:
          state === 'another' ? '[redacted]' : `the state of the key is ${state.replace('Replica', '')}`,
      },
    });
    expect(told(error)).toMatch(hint);
    expect(error.message).toMatch(
      new RegExp(`^KMS ${operation} with .*${keyId}.* in eu-west-1: .* \\(${name}\\)$`),
    );
  });
});

it('every state of the table is one of those', () => {
  const states = new Set<string>(STATES.map(([state]) => state));
  expect(KMS_KEY_STATES.map(({ state }) => state).filter((state) => !states.has(state))).toEqual([]);
});

describe('a key of the embedded KMS', () => {
  const { clientConfig, close } = createLocalKms();
  const client = new KMSClient(clientConfig);
  afterAll(() => close());
  const make = async () => {
    const KeyId = (await client.send(new CreateKeyCommand({}))).KeyMetadata!.Arn!;
    return { KeyId, provider: kms({ keyId: KeyId, clientConfig }) };
  };

  it.each(CALLS)('refuses %s while it is disabled, and no longer', async (_, call) => {
    const [{ KeyId, provider }, { provider: other }] = [await make(), await make()];
    await remember(provider, other);
    await client.send(new DisableKeyCommand({ KeyId }));
    const error = await rejection(call(provider, other));
    expect(error).toMatchObject({
      code: UNAVAILABLE,
      retryable: false,
      cause: { name: 'DisabledException' },
    });
    expect(told(error)).toMatch(/is disabled.*enable-key/);
    await client.send(new EnableKeyCommand({ KeyId }));
    expect(await call(provider, other)).toBeDefined();
  });

  it.each(CALLS)('refuses %s once it is to be deleted', async (_, call) => {
    const [{ KeyId, provider }, { provider: other }] = [await make(), await make()];
    await remember(provider, other);
    await client.send(new ScheduleKeyDeletionCommand({ KeyId }));
    const error = await rejection(call(provider, other));
    expect(error).toMatchObject({ code: UNAVAILABLE, retryable: false });
    expect(told(error)).toMatch(/scheduled for deletion.*cancel-key-deletion/);
  });
});
