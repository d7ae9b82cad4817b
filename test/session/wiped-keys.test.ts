import { describe, expect, it } from 'vitest';
import type { FrameCipher } from '../../src/crypto/aead.js';
import type { KeyProvider } from '../../src/keys/provider.js';
import { decryptSettings } from '../../src/session/decrypt-options.js';
import { encryptSettings } from '../../src/session/encrypt-options.js';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { OpenSession } from '../../src/session/open-session.js';
import { SealSession } from '../../src/session/seal-session.js';
import type { Frames } from '../../src/session/session.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { altered } from '../support/altered-provider.js';
import { outcome, outcomeOf } from '../support/outcome.js';
import { overwritten } from '../support/overwritten.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { keys, strangers } from '../support/test-keys.js';
import { isWiped, watched } from '../support/watched-provider.js';

expectQuietProcess();

/** A provider whose data keys can be looked at, and what it does besides. */
function generating(change: (made: Awaited<ReturnType<KeyProvider['generate']>>) => unknown) {
  const { provider, dataKeys } = watched(keys);
  const changed = altered(provider, {
    generate: async (request: Parameters<KeyProvider['generate']>[0]) =>
      change(await provider.generate(request)),
  });
  return { provider: changed, dataKeys };
}

describe('the data key of an encrypt stream is wiped', () => {
  it('before the header is announced', async () => {
    const { provider, dataKeys } = watched(keys);
    const stream = createEncryptStream({ keys: provider });
    let wiped: boolean[] = [];
    stream.once('header', () => {
      wiped = dataKeys.map(isWiped);
    });
    await outcomeOf(stream, Buffer.from('hello'));
    expect(wiped).toEqual([true]);
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('no'))],
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['answers garbage', async () => 'garbage'],
    ['answers nothing', async () => undefined],
    ['answers a recipient that is not legal', async () => ({ provider: 'NOT LEGAL', key: '', wrapped: 1 })],
    [
      'answers the same recipient again',
      async () => ({ provider: 'raw', key: 'test', wrapped: Buffer.alloc(1) }),
    ],
  ])('when a further provider %s', async (_, wrap) => {
    const { provider, dataKeys } = watched(keys);
    const stream = createEncryptStream({ keys: [provider, altered(strangers, { wrap })] });
    const { bytes, error } = await outcome(stream);
    expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_SEALPIPE_(KEY_UNAVAILABLE|OPTIONS)$/) });
    expect([bytes.length, dataKeys.map(isWiped)]).toEqual([0, [true]]);
  });

  it.each([
    [
      'an illegal recipient',
      (made: object) => ({ ...made, recipient: { provider: '', key: '', wrapped: [] } }),
    ],
    ['no recipient', ({ dataKey }: { dataKey: Uint8Array }) => ({ dataKey })],
  ])('when its own provider answers %s', async (_, change) => {
    const { provider, dataKeys } = generating(change);
    const { bytes, error } = await outcome(createEncryptStream({ keys: provider }));
    expect(error).toMatchObject({ name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' });
    expect([bytes.length, dataKeys.map(isWiped)]).toEqual([0, [true]]);
  });

  it.each([
    [15, 'too short'],
    [1_025, 'too long'],
  ])('when it is of %i bytes, %s', async (length) => {
    const dataKey = Buffer.alloc(length, 1);
    const { provider } = generating((made) => ({ ...made, dataKey }));
    const { error } = await outcome(createEncryptStream({ keys: provider, suite: 'AES-128-GCM' }));
    expect(error).toMatchObject({ name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' });
    expect(isWiped(dataKey)).toBe(true);
  });

  it('also by encrypt()', async () => {
    const { provider, dataKeys } = watched(keys);
    await encrypt('hello', { keys: provider });
    await expect(
      encrypt('hello', { keys: provider, confirm: () => Promise.reject(new Error('no')) }),
    ).rejects.toMatchObject({ code: 'ERR_SEALPIPE_CONFIRM' });
    expect(dataKeys.map(isWiped)).toEqual([true, true]);
  });
});

describe('the data key of a decrypt stream is wiped', () => {
  it('before the header is announced', async () => {
    const { provider, dataKeys } = watched(keys);
    const stream = createDecryptStream({ keys: provider });
    let wiped: boolean[] = [];
    stream.once('header', () => {
      wiped = dataKeys.map(isWiped);
    });
    const { bytes } = await outcomeOf(stream, await encrypt('hello', { keys }));
    expect([wiped, String(bytes)]).toEqual([[true], 'hello']);
  });

  it('when the commitment is missed', async () => {
    const { provider, dataKeys } = watched(keys);
    const sealed = await encrypt('hello', { keys });
    sealed[60]! ^= 1;
    const { error } = await outcomeOf(createDecryptStream({ keys: provider }), sealed);
    expect(error?.code).toBe('ERR_SEALPIPE_AUTHENTICATION');
    expect(dataKeys.map(isWiped)).toEqual([true]);
  });

  it.each([
    [31, 'too short'],
    [1_025, 'too long'],
  ])('when it is of %i bytes, %s', async (length) => {
    const dataKey = Buffer.alloc(length, 1);
    const odd = altered(keys, { unwrap: async () => dataKey });
    const { error } = await outcomeOf(createDecryptStream({ keys: odd }), await encrypt('hello', { keys }));
    expect(error?.code).toBe('ERR_SEALPIPE_AUTHENTICATION');
    expect(isWiped(dataKey)).toBe(true);
  });

  it('also by decrypt()', async () => {
    const { provider, dataKeys } = watched(keys);
    const sealed = await encrypt('hello', { keys });
    await decrypt(sealed, { keys: provider });
    await expect(decrypt(sealed.subarray(0, -1), { keys: provider })).rejects.toMatchObject({ atEnd: true });
    expect(dataKeys.map(isWiped)).toEqual([true, true]);
  });
});

/** Settings whose engine notes the key and the nonce that it is lent, and how many of its ciphers were wiped. */
function watchedEngine(onCreate: () => void = () => undefined) {
  const settings = encryptSettings({ keys });
  const seen = { lent: [] as Uint8Array[], wiped: 0 };
  const sealEngine: typeof settings.sealEngine = {
    ...settings.sealEngine,
    create: (suite, key, baseNonce) => {
      const cipher = settings.sealEngine.create(suite, key, baseNonce);
      seen.lent.push(key, baseNonce);
      onCreate();
      return {
        seal: cipher.seal.bind(cipher),
        open: cipher.open.bind(cipher),
        wipe: () => {
          seen.wiped += 1;
          cipher.wipe();
        },
      };
    },
  };
  return { settings: { ...settings, sealEngine }, seen };
}

const noFrames = () => ({ frames: 0, wipe: () => undefined });
const wiping = ({ wipe }: FrameCipher) => ({ frames: 0, wipe: () => wipe() });

describe('the frame key is wiped', () => {
  it('if the frames of a session cannot be created', async () => {
    const { settings, seen } = watchedEngine();
    const fault = new Error('no memory');
    const session = new SealSession(settings, () => {
      throw fault;
    });
    await expect(session.run(() => session.begin())).rejects.toBe(fault);
    expect(seen.wiped).toBe(1);
  });

  it('once the stream is complete, before it is closed', async () => {
    const { settings, seen } = watchedEngine();
    const session = new SealSession(settings, wiping);
    await session.begin();
    session.end();
    expect(seen.wiped).toBe(0);
    session.complete();
    expect(seen.wiped).toBe(1);
  });

  it('if the stream is unlocked again, with another copy of its preamble', async () => {
    const wiped: number[] = [];
    let made = 0;
    const session = new OpenSession(decryptSettings({ keys }), () => {
      const number = made++;
      return { frames: 0, wipe: () => void wiped.push(number) };
    });
    const { preamble } = session.preamble.take(await encrypt('hello', { keys }), 0);
    await session.unlock(preamble!);
    await session.unlock(preamble!);
    expect([made, wiped]).toEqual([2, [0]]);
    session.close();
    expect(wiped).toEqual([0, 1]);
  });

  it('if the session was stopped while its keys were derived', async () => {
    const { settings, seen } = watchedEngine(() => session.stop(new Error('enough')));
    const session: SealSession<Frames> = new SealSession(settings, noFrames);
    await expect(session.begin()).rejects.toThrow('enough');
    expect([seen.wiped, session.frames, session.header]).toEqual([1, undefined, undefined]);
  });
});

describe('the key and the nonce that an engine is lent are wiped', () => {
  it('when a stream is sealed', async () => {
    const { settings, seen } = watchedEngine();
    await new SealSession(settings, noFrames).begin();
    expect(seen.lent.map(isWiped)).toEqual([true, true]);
  });

  it('when a stream is opened or resumed', async () => {
    const { settings, seen } = watchedEngine();
    const { preamble } = await new SealSession(encryptSettings({ keys }), noFrames).begin();
    (await new SealSession(settings, noFrames).resume(preamble)).fill(0);
    expect(seen.lent.map(isWiped)).toEqual([true, true]);
  });

  it('when the engine fails', async () => {
    const fail = () => {
      throw new Error('no cipher');
    };
    const { settings, seen } = watchedEngine(fail);
    await expect(new SealSession(settings, noFrames).begin()).rejects.toThrow('no cipher');
    const { preamble } = await new SealSession(encryptSettings({ keys }), noFrames).begin();
    await expect(new SealSession(settings, noFrames).resume(preamble)).rejects.toThrow();
    expect(seen.lent.map(isWiped)).toEqual([true, true, true, true]);
  });
});

describe('the claim key is wiped', () => {
  it('if the session was stopped before its caller has it', async () => {
    const begun = new SealSession(encryptSettings({ keys }), noFrames);
    const { preamble, claimKey } = await begun.beginResumable();
    const { settings, seen } = watchedEngine(() => session.stop(new Error('enough')));
    const session: SealSession<Frames> = new SealSession(settings, noFrames);
    const wiped = await overwritten(() => expect(session.resume(preamble)).rejects.toThrow('enough'));
    expect(wiped).toContain(claimKey.toString('hex'));
    expect(seen.wiped).toBe(1);
  });
});
