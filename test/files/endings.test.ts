import { getEventListeners } from 'node:events';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { FrameCipher } from '../../src/crypto/aead.js';
import { pickEngine } from '../../src/crypto/engines.js';
import { FileDecryption } from '../../src/files/file-decryption.js';
import { FileEncryption } from '../../src/files/file-encryption.js';
import type { FileEnds } from '../../src/files/file-run.js';
import type { KeyRequest } from '../../src/keys/provider.js';
import type { EncryptOptions } from '../../src/session/encrypt-options.js';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { altered } from '../support/altered-provider.js';
import { hanging } from '../support/hanging-provider.js';
import { patterned } from '../support/pieces.js';
import { expectQuietProcess, turns } from '../support/quiet-process.js';
import { keys } from '../support/test-keys.js';
import { isWiped, watched } from '../support/watched-provider.js';
import { MemoryFile } from './memory-file.js';

expectQuietProcess();

const MIB = 1_048_576;
const plaintext = patterned(4 * MIB + 5);
const sealed = await encrypt(plaintext, { keys });
const ignored = () => undefined;
const mine = new Error('mine');

const endsOf = (content: Uint8Array) => ({ source: new MemoryFile(content), sink: new MemoryFile() });
const sealing = (ends: FileEnds, options: Partial<EncryptOptions>) =>
  new FileEncryption(ends, { keys, ...options }, ignored);

const DIRECTIONS = [
  ['encrypt', FileEncryption, plaintext, 'generate'],
  ['decrypt', FileDecryption, sealed, 'unwrap'],
] as const;

describe.each(DIRECTIONS)('%s', (_, Run, content, keyMethod) => {
  it('is ended by its signal before it begins, and asks for no key then', async () => {
    const { provider, calls } = watched(keys);
    const ends = endsOf(content);
    const signal = AbortSignal.abort(mine);
    const refused = await new Run(ends, { keys: provider, signal }, ignored).run().catch((error) => error);
    expect(refused).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: mine });
    expect([calls, ends.source.operations, ends.sink.operations]).toEqual([[], 0, 0]);
  });

  it('is ended by its signal during a key call that hangs, and wipes the key that comes late', async () => {
    const seen = watched(keys);
    const { provider, asked, answer } = hanging(seen.provider, keyMethod);
    const stopping = new AbortController();
    const ends = endsOf(content);
    const run = new Run(ends, { keys: provider, signal: stopping.signal }, ignored).run();
    run.catch(() => undefined);
    await asked;
    stopping.abort(mine);
    await expect(run).rejects.toMatchObject({ name: 'AbortError', cause: mine });
    expect([ends.sink.operations, ends.source.inFlight]).toEqual([0, 0]);
    answer();
    await turns(10);
    expect(seen.dataKeys.map(isWiped)).toEqual([true]);
  });

  it.each([0, 1, 3])('is ended by its signal in the middle, at write %i', async (at) => {
    const stopping = new AbortController();
    const onBegin = (operation: number) => void (operation === at && stopping.abort(mine));
    const ends = { source: new MemoryFile(content), sink: new MemoryFile(undefined, { onBegin }) };
    const run = new Run(ends, { keys, signal: stopping.signal }, ignored);
    await expect(run.run()).rejects.toMatchObject({ name: 'AbortError', cause: mine });
    expect([ends.source.inFlight, ends.sink.inFlight, ends.sink.operations]).toEqual([0, 0, at + 1]);
    expect(run.bytesOut).toBeLessThan(content.length);
  });

  it('leaves no listener on its signal', async () => {
    const { signal } = new AbortController();
    await new Run(endsOf(content), { keys, signal }, ignored).run();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('fails with what the listener of its header throws, and writes nothing', async () => {
    const ends = endsOf(content);
    const run = new Run(ends, { keys }, () => {
      throw mine;
    });
    await expect(run.run()).rejects.toBe(mine);
    expect(ends.sink.operations).toBe(0);
  });

  it('wipes its frame key, however it ends', async () => {
    // Picked once before, so that the ciphers of its self-test are not among those that are looked at.
    const create = vi.spyOn(pickEngine('AES-256-GCM', 'node'), 'create');
    onTestFinished(() => create.mockRestore());
    const failing = (at: number) => ({ failsAt: at, error: mine });
    for (const sink of [new MemoryFile(), new MemoryFile(undefined, failing(2))]) {
      const ends = { source: new MemoryFile(content), sink };
      const run = new Run(ends, { keys, engine: 'node' }, ignored).run();
      await run.catch((error) => expect(error).toBe(mine));
    }
    const ciphers = create.mock.results.map(({ value }) => value as FrameCipher);
    expect(ciphers).toHaveLength(2);
    for (const cipher of ciphers) {
      expect(() => cipher.seal(0, Buffer.alloc(0), Buffer.alloc(1), Buffer.alloc(17), 0)).toThrow(
        'Invalid key length',
      );
    }
  });

  it('fails with the failure of its key, and writes nothing', async () => {
    const failing = altered(keys, { [keyMethod]: () => Promise.reject(mine) });
    const ends = endsOf(content);
    const refusal = { code: 'ERR_SEALPIPE_KEY_UNAVAILABLE', cause: mine };
    await expect(new Run(ends, { keys: failing }, ignored).run()).rejects.toMatchObject(refusal);
    expect(ends.sink.operations).toBe(0);
  });
});

describe('expectedLength', () => {
  it.each([0, 1, MIB, MIB + 1])('of exactly %i bytes lets the file be whole', async (expectedLength) => {
    const ends = endsOf(plaintext.subarray(0, expectedLength));
    await sealing(ends, { expectedLength }).run();
    expect((await decrypt(ends.sink.written, { keys })).length).toBe(expectedLength);
  });

  it.each([
    [1, 0],
    [MIB + 1, MIB],
    [3 * MIB, 2 * MIB + 9],
  ])('of %i bytes fails at the end of %i: the last frame is withheld', async (expectedLength, length) => {
    const ends = endsOf(plaintext.subarray(0, length));
    const run = sealing(ends, { expectedLength }).run();
    await expect(run).rejects.toMatchObject({ code: 'ERR_SEALPIPE_LENGTH' });
    const refused = decrypt(ends.sink.written, { keys });
    await expect(refused).rejects.toMatchObject({ code: 'ERR_SEALPIPE_TRUNCATED' });
  });

  it('fails long before an endless source has been read, and before a byte too many is sealed', async () => {
    const endless = { readv: async (views: readonly Uint8Array[]) => ({ bytesRead: views[0]!.length }) };
    const sink = new MemoryFile();
    const run = sealing({ source: endless, sink }, { expectedLength: 2 * MIB + 1 });
    await expect(run.run()).rejects.toMatchObject({ code: 'ERR_SEALPIPE_LENGTH' });
    expect(run.framesOut).toBe(32);
  });
});

describe('confirm', () => {
  it('is asked once, after the last byte', async () => {
    const ends = endsOf(plaintext);
    let left: number[] = [];
    const confirm = () => {
      left = [...left, ends.source.rest.length];
    };
    await sealing(ends, { confirm }).run();
    expect([left, (await decrypt(ends.sink.written, { keys })).length]).toEqual([[0], plaintext.length]);
  });

  it('refuses, and the last frame is withheld', async () => {
    for (const make of [() => () => Promise.reject(mine), () => Promise.reject(mine)]) {
      const ends = endsOf(plaintext);
      const refusal = { code: 'ERR_SEALPIPE_CONFIRM', cause: mine };
      await expect(sealing(ends, { confirm: make() }).run()).rejects.toMatchObject(refusal);
      const refused = await decrypt(ends.sink.written, { keys }).catch((error) => error);
      expect(refused.code).toBe('ERR_SEALPIPE_TRUNCATED');
    }
  });

  it('that rejects early stops the run long before its end', async () => {
    let reject!: (error: Error) => void;
    const confirm = new Promise((_, rejected) => {
      reject = rejected;
    });
    const onBegin = (operation: number) => void (operation === 1 && reject(mine));
    const ends = { source: new MemoryFile(plaintext, { onBegin }), sink: new MemoryFile() };
    await expect(sealing(ends, { confirm }).run()).rejects.toMatchObject({ code: 'ERR_SEALPIPE_CONFIRM' });
    expect(ends.source.rest.length).toBeGreaterThan(0);
  });

  it('that never answers does not outlast the signal', async () => {
    const stopping = new AbortController();
    const confirm = () => {
      setImmediate(() => stopping.abort(mine));
      return new Promise(() => undefined);
    };
    const run = sealing(endsOf(plaintext), { confirm, signal: stopping.signal }).run();
    await expect(run).rejects.toMatchObject({ name: 'AbortError', cause: mine });
  });
});

it('the key provider can follow how much was taken, and when it is over', async () => {
  let usage: KeyRequest['usage'];
  const provider = altered(keys, {
    generate: (request: KeyRequest) => {
      usage = request.usage;
      return keys.generate(request);
    },
  });
  const run = new FileEncryption(endsOf(plaintext), { keys: provider }, () => {
    expect(usage).toEqual({ plaintextBytes: 0, ended: false });
  });
  await run.run();
  expect(usage).toEqual({ plaintextBytes: plaintext.length, ended: true });
});
