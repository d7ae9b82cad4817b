import { describe, expect, it } from 'vitest';
import { SealpipeError } from '../../src/errors.js';
import { FileDecryption } from '../../src/files/file-decryption.js';
import { FileEncryption } from '../../src/files/file-encryption.js';
import type { KeyProvider } from '../../src/keys/provider.js';
import { rawKey } from '../../src/keys/raw.js';
import { encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { MemoryFile } from '../files/memory-file.js';
import { altered } from '../support/altered-provider.js';
import { outcomeOf } from '../support/outcome.js';
import { expectQuietProcess } from '../support/quiet-process.js';

expectQuietProcess();

const named = (name: string, byte: number) => rawKey({ name, key: Buffer.alloc(32, byte) });
const [a, b, c] = [named('a', 1), named('b', 2), named('c', 3)];
const sealed = () => encrypt('hello', { keys: [a, b, c] });
const ignored = () => undefined;

describe('the recipient of an encrypt stream', () => {
  it('is the one that the first provider made, from the header event on', async () => {
    const stream = createEncryptStream({ keys: [b, a] });
    expect(stream.recipient).toBeUndefined();
    let atHeader: unknown;
    stream.once('header', () => {
      atHeader = stream.recipient;
    });
    await outcomeOf(stream, Buffer.from('hello'));
    expect(stream.recipient).toMatchObject({ provider: 'raw', key: 'b' });
    expect(atHeader).toBe(stream.recipient);
    expect(stream.header?.recipients[0]).toBe(stream.recipient);
  });

  it('is undefined if no key came', async () => {
    const generate = () => Promise.reject(new SealpipeError('ERR_SEALPIPE_KEY_DENIED', 'no'));
    const stream = createEncryptStream({ keys: altered(a, { generate }) });
    const { error } = await outcomeOf(stream);
    expect([error?.code, stream.recipient]).toEqual(['ERR_SEALPIPE_KEY_DENIED', undefined]);
  });
});

/** A provider that matches its recipient and answers a data key of another stream. */
const wrongFor = (provider: KeyProvider) =>
  altered(provider, { unwrap: async () => Buffer.alloc(32, 9) as Uint8Array });
const denied = altered(a, {
  unwrap: () => Promise.reject(new SealpipeError('ERR_SEALPIPE_KEY_DENIED', 'no')),
});

describe('the recipient of a decrypt stream', () => {
  it.each([
    ['the first of three', [a], 'a'],
    ['the second of three', [b], 'b'],
    ['the last of three', [c], 'c'],
    ['the first in the order of the stream, not of the keys', [c, b], 'b'],
    ['the one after a key that was denied', [denied, b], 'b'],
    ['the one after a key whose answer does not fit the stream', [wrongFor(a), c], 'c'],
  ])('is %s', async (_, keys, key) => {
    const stream = createDecryptStream({ keys });
    expect(stream.recipient).toBeUndefined();
    let atHeader: unknown;
    stream.once('header', () => {
      atHeader = stream.recipient;
    });
    const { bytes, error } = await outcomeOf(stream, await sealed());
    expect([String(bytes), error]).toEqual(['hello', undefined]);
    expect(stream.recipient).toMatchObject({ provider: 'raw', key });
    expect(atHeader).toBe(stream.recipient);
    expect(stream.header?.recipients).toContain(stream.recipient);
  });

  it('is undefined if no key opens the stream', async () => {
    const stream = createDecryptStream({ keys: named('a', 99) });
    const { bytes, error } = await outcomeOf(stream, await sealed());
    expect([bytes.length, error?.code]).toEqual([0, 'ERR_SEALPIPE_AUTHENTICATION']);
    expect(stream.recipient).toBeUndefined();
  });

  it('stays if the stream turns out to be damaged', async () => {
    const damaged = await sealed();
    damaged[damaged.length - 1]! ^= 1;
    const stream = createDecryptStream({ keys: b });
    const { bytes, error } = await outcomeOf(stream, damaged);
    expect([bytes.length, error?.code]).toEqual([0, 'ERR_SEALPIPE_AUTHENTICATION']);
    expect(stream.recipient).toMatchObject({ key: 'b' });
  });
});

describe('the recipient of a file', () => {
  it('is the same in both directions', async () => {
    const sink = new MemoryFile();
    const source = new MemoryFile(Buffer.from('hello'));
    const sealing = new FileEncryption({ source, sink }, { keys: [a, b] }, ignored);
    expect(sealing.recipient).toBeUndefined();
    await sealing.run();
    expect(sealing.recipient).toMatchObject({ key: 'a' });

    const ends = { source: new MemoryFile(sink.written), sink: new MemoryFile() };
    let atHeader: unknown;
    const opening: FileDecryption = new FileDecryption(ends, { keys: [c, b] }, () => {
      atHeader = opening.recipient;
    });
    await opening.run();
    expect(opening.recipient).toMatchObject({ key: 'b' });
    expect(atHeader).toBe(opening.recipient);
  });
});
