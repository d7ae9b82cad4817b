import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { kms } from '../../../src/keys/kms/index.js';
import { keyRequest } from '../../conformance/key-request.js';
import { eventually } from '../../support/eventually.js';
import { rejection } from './service-for-tests.js';

const ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd';
const WIPED = new Uint8Array(32);

/** A client whose answers are views into a pool, as the SDK's are. */
function pooledClient(answer: object = {}) {
  const pool = Buffer.alloc(256, 0xee);
  const plaintext = new Uint8Array(pool.buffer, pool.byteOffset + 64, 32).fill(7);
  const blob = new Uint8Array(pool.buffer, pool.byteOffset + 128, 64).fill(9);
  const sent: { input: { Plaintext?: Uint8Array } }[] = [];
  const send = vi.fn(async (command: object) => {
    sent.push(command as (typeof sent)[0]);
    return { KeyId: ARN, Plaintext: plaintext, CiphertextBlob: blob, ...answer };
  });
  return { client: { send, config: { region: () => 'eu-west-1' } }, pool, plaintext, blob, sent };
}

describe("the data key in the client's answer", () => {
  const recipient = { provider: 'aws-kms', key: ARN, wrapped: new Uint8Array([1, 2, 3]) };

  it('is copied to memory of its own, and wiped where the client left it', async () => {
    const { client, plaintext, blob, pool } = pooledClient();
    const { dataKey, recipient: made } = await kms({ keyId: ARN, client }).generate(keyRequest());
    expect([...dataKey]).toEqual(Array(32).fill(7));
    expect(dataKey.buffer.byteLength).toBe(32);
    expect(plaintext).toEqual(WIPED);
    expect(made.wrapped.buffer).not.toBe(blob.buffer);
    expect(
      pool.subarray(0, 64).every((byte) => byte === 0xee),
      'what others have in the pool',
    ).toBe(true);
    expect(pool.subarray(96, 128).every((byte) => byte === 0xee)).toBe(true);
  });

  it('is copied and wiped by unwrap as well', async () => {
    const { client, plaintext } = pooledClient();
    const dataKey = await kms({ keyId: ARN, client }).unwrap(recipient, keyRequest());
    expect([...dataKey]).toEqual(Array(32).fill(7));
    expect(plaintext).toEqual(WIPED);
  });

  it.each([
    ['has no ARN', { KeyId: 'alias/a' }],
    ['is of another key', { KeyId: `${ARN}x` }],
    ['has no wrapped key', { CiphertextBlob: undefined }],
  ])('is wiped where the answer %s', async (_, fault) => {
    const { client, plaintext } = pooledClient(fault);
    await rejection(kms({ keyId: ARN, client }).generate(keyRequest()));
    expect(plaintext).toEqual(WIPED);
  });

  it('is wiped where its length is wrong', async () => {
    const { client, plaintext } = pooledClient();
    await rejection(kms({ keyId: ARN, client, numberOfBytes: 48 }).generate(keyRequest()));
    expect(plaintext).toEqual(WIPED);
    const second = pooledClient();
    const provider = kms({ keyId: ARN, client: second.client });
    await rejection(provider.unwrap(recipient, keyRequest({ dataKeyBytes: 33 })));
    expect(second.plaintext).toEqual(WIPED);
  });

  it.each([
    ['the deadline', { timeout: 20 }, undefined],
    ['an abort', {}, 20],
  ])('is wiped where it comes after %s', async (_, options, abortAfter) => {
    const { client, plaintext } = pooledClient();
    let answerNow = (): void => {};
    const held = new Promise<void>((resolve) => (answerNow = resolve));
    const late = { ...client, send: async (command: object) => held.then(() => client.send(command)) };
    const signal = abortAfter === undefined ? undefined : AbortSignal.timeout(abortAfter);
    const request = keyRequest(signal === undefined ? {} : { signal });
    await rejection(kms({ keyId: ARN, client: late, ...options }).unwrap(recipient, request));
    expect(plaintext).not.toEqual(WIPED);
    answerNow();
    await eventually(() => expect(plaintext).toEqual(WIPED));
  });
});

describe('an answer whose data key cannot be read or wiped', () => {
  const transferred = () => {
    const bytes = new Uint8Array(32).fill(7);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    return bytes;
  };
  const ANSWERS: readonly (readonly [string, () => object])[] = [
    ['was transferred away', () => ({ KeyId: ARN, Plaintext: transferred(), CiphertextBlob: Buffer.of(1) })],
    [
      'throws when it is read',
      () => ({
        KeyId: ARN,
        CiphertextBlob: Buffer.of(1),
        get Plaintext(): never {
          throw new Error('quoted secret');
        },
      }),
    ],
  ];
  const clientOf = (send: () => Promise<object>) => ({ send, config: { region: () => 'eu-west-1' } });

  it.each(ANSWERS)('because it %s, fails in our words', async (_, answer) => {
    const error = await rejection(
      kms({ keyId: ARN, client: clientOf(async () => answer()) }).generate(keyRequest()),
    );
    expect(error).toMatchObject({ code: 'ERR_SEALPIPE_KEY_UNAVAILABLE' });
    expect(error.message).not.toContain('quoted secret');
  });

  it.each(ANSWERS)('because it %s, is dropped after the deadline', async (_, answer) => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    onTestFinished(() => void process.off('unhandledRejection', unhandled));
    let answerNow = (): void => {};
    const held = new Promise<void>((resolve) => (answerNow = resolve));
    const client = clientOf(async () => held.then(answer));
    const error = await rejection(kms({ keyId: ARN, client, timeout: 20 }).generate(keyRequest()));
    expect(error).toMatchObject({ code: 'ERR_SEALPIPE_TIMEOUT' });
    answerNow();
    for (let turn = 0; turn < 10; turn++) await setImmediate();
    expect(unhandled).not.toHaveBeenCalled();
  });
});

describe('the data key that is wrapped', () => {
  it('goes to the client as a copy, which is wiped after the call', async () => {
    const { client, sent } = pooledClient();
    const dataKey = Buffer.alloc(32, 5);
    await kms({ keyId: ARN, client }).wrap(dataKey, keyRequest());
    expect([...dataKey]).toEqual(Array(32).fill(5));
    expect(sent[0]?.input.Plaintext?.buffer).not.toBe(dataKey.buffer);
    expect(new Uint8Array(sent[0]!.input.Plaintext!)).toEqual(WIPED);
  });

  it('is wiped in that copy also when the call fails or is given up', async () => {
    for (const send of [() => Promise.reject(new Error('no')), () => new Promise(() => {})]) {
      const { client, sent } = pooledClient();
      const failing = { ...client, send: (command: object) => client.send(command).then(send) };
      await rejection(
        kms({ keyId: ARN, client: failing, timeout: 20 }).wrap(Buffer.alloc(32, 5), keyRequest()),
      );
      expect(new Uint8Array(sent[0]!.input.Plaintext!)).toEqual(WIPED);
    }
  });
});
