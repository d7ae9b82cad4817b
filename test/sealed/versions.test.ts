import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openSealed } from '../../src/sealed/reading/open-sealed.js';
import { recover } from '../../src/sealed/recovery/recover.js';
import { rewrap } from '../../src/sealed/rewrapping/rewrap.js';
import { verify } from '../../src/sealed/verification/verify.js';
import { encrypt } from '../../src/session/one-shot.js';
import { readHeader } from '../../src/streams/read-header.js';
import { altered } from '../support/altered-provider.js';
import { outcome } from '../support/outcome.js';
import { versionedStore } from '../support/versioned-store.js';
import { watched } from '../support/watched-provider.js';
import { PLAINTEXT, raw, sealedFile } from './rewrapping/rewrap-kit.js';

const [OLD, NEW] = [raw('old'), raw('new')];
const CHANGED = { name: 'SealpipeError', code: 'ERR_SEALPIPE_CHANGED', retryable: true };

/** The same stream before and after a re-wrap, byte for byte as long. */
async function rewrapped(layout: 'fixed' | 'record'): Promise<[before: Buffer, after: Buffer]> {
  const path = await sealedFile([OLD], { frameSize: 4_096, layout });
  const before = await readFile(path);
  await rewrap(path, { keys: OLD, to: NEW });
  return [before, await readFile(path)];
}

describe.each(['fixed', 'record'] as const)(
  'an object in the %s layout that is re-wrapped while it is read',
  (layout) => {
    it('is read on under the same key', async () => {
      const [before, after] = await rewrapped(layout);
      const store = versionedStore(before);
      const { provider, calls } = watched(OLD);
      await using reader = await openSealed(store.source, { keys: provider });
      store.put(after);
      expect((await reader.read(10, 100_000)).equals(PLAINTEXT.subarray(10, 100_000))).toBe(true);
      store.put(before);
      const { bytes, error } = await outcome(reader.createReadStream({ start: 3 }));
      expect(error).toBeUndefined();
      expect(bytes.equals(PLAINTEXT.subarray(3))).toBe(true);
      expect(await reader.size()).toBe(PLAINTEXT.length);
      expect(calls).toEqual(['unwrap']);
      expect(store.counts.most).toBeLessThanOrEqual(4);
    });

    it('is opened as it is then, if that was before its head had been read', async () => {
      const [before, after] = await rewrapped(layout);
      const store = versionedStore(before);
      const size = store.source.size;
      const source = Object.assign(store.source, {
        size: async (signal: AbortSignal) => {
          const answer = await size(signal);
          store.put(after);
          return answer;
        },
      });
      await using reader = await openSealed(source, { keys: NEW });
      expect((await reader.read()).equals(PLAINTEXT)).toBe(true);
      expect(store.counts.renewals).toBe(1);
    });

    it('is saved to its end', async () => {
      const [before, after] = await rewrapped(layout);
      const store = versionedStore(before);
      const recovery = await recover(store.source, { keys: OLD });
      store.put(after);
      const { bytes } = await outcome(recovery.createReadStream());
      expect(bytes.equals(PLAINTEXT)).toBe(true);
      expect(await recovery.report).toMatchObject({ complete: true, fault: null });
    });

    it('is no whole that verify could vouch for: nobody has seen both halves in one file', async () => {
      const [before, after] = await rewrapped(layout);
      const store = versionedStore(before);
      const checking = verify(store.source, { keys: OLD, onHeader: () => store.put(after) });
      await expect(checking).rejects.toMatchObject(CHANGED);
      expect(store.counts.closed).toBe(1);
    });
  },
);

describe('an object that is replaced by another stream while it is read', () => {
  const others: Record<string, (before: Buffer) => Buffer | Promise<Buffer>> = {
    'another stream of that length': () => encrypt(PLAINTEXT, { keys: OLD, frameSize: 4_096 }),
    'another salt': (before) => flipped(before, 20),
    'another commitment': (before) => flipped(before, 83),
    'another frame size': (before) => flipped(before, 10),
    'one byte more': (before) => Buffer.concat([before, Buffer.alloc(1)]),
    'one byte less': (before) => before.subarray(0, -1),
    nothing: () => Buffer.alloc(0),
  };

  it.each(Object.keys(others))('%s: refused, and nothing of it is opened', async (name) => {
    const [before] = await rewrapped('fixed');
    const store = versionedStore(before);
    const { provider, calls } = watched(OLD);
    await using reader = await openSealed(store.source, { keys: provider });
    store.put(await others[name]!(before));
    await expect(reader.read(0, 5_000)).rejects.toMatchObject(CHANGED);
    const { bytes, error } = await outcome(reader.createReadStream());
    expect(error).toMatchObject(CHANGED);
    expect(bytes).toHaveLength(0);
    expect(calls).toEqual(['unwrap']);
  });

  it('while the key is called: refused as soon as a byte is wanted', async () => {
    const store = versionedStore((await rewrapped('fixed'))[0]);
    const other = await encrypt(PLAINTEXT, { keys: OLD, frameSize: 4_096 });
    const slow = altered(OLD, {
      unwrap: async (...args: Parameters<typeof OLD.unwrap>) => {
        store.put(other);
        return OLD.unwrap(...args);
      },
    });
    await using reader = await openSealed(store.source, { keys: slow });
    await expect(reader.read(0, 1)).rejects.toMatchObject(CHANGED);
  });
});

describe('readHeader', () => {
  it('reads the head of a source, as it is if it has not changed during the read', async () => {
    const [before, after] = await rewrapped('fixed');
    const store = versionedStore(before);
    const { size } = store.source;
    const source = Object.assign(store.source, {
      size: async (signal: AbortSignal) => {
        const answer = await size(signal);
        store.put(after);
        return answer;
      },
    });
    const { recipients } = await readHeader(source);
    expect(recipients.map(({ key }) => key)).toEqual(['new']);
    expect(store.counts.closed).toBe(1);
  });

  it('closes a source that is none, and holds it to its word', async () => {
    const store = versionedStore(Buffer.from('no stream'));
    await expect(readHeader(store.source)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_FORMAT' });
    expect(store.counts.closed).toBe(1);
    const short = { size: async () => 9_000, read: async () => Buffer.alloc(1) };
    await expect(readHeader(short)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_TRUNCATED' });
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1;
  return copy;
}
