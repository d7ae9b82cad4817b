import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../src/sources/byte-source.js';
import { HeldSource } from '../../src/sources/held-source.js';
import { RENEW, sourceChanged, type VersionedSource } from '../../src/sources/versioned-source.js';
import { versionedStore } from '../support/versioned-store.js';

const never = new AbortController().signal;
const HEAD = Buffer.from('0123');
const first = Buffer.from('0123456789');
const CHANGED = { name: 'SealpipeError', code: 'ERR_SEALPIPE_CHANGED', retryable: true };

/** Held, with its size asked for and its head known. */
async function heldSource(source: ByteSource): Promise<HeldSource> {
  const held = new HeldSource(source);
  await held.size(never);
  held.goOnWith(HEAD);
  return held;
}

describe('a source that changes', () => {
  it('is read on if it is as long and begins with the same head', async () => {
    const store = versionedStore(first);
    const held = await heldSource(store.source);
    store.put(Buffer.from('0123456xyz'));
    expect(String(await held.read(7, 10, never))).toBe('xyz');
    expect(store.counts.renewals).toBe(1);
    expect(store.reads.map(([version]) => version)).toEqual([1, 2, 2]);
  });

  it('is renewed once for all reads in progress', async () => {
    const store = versionedStore(first);
    const held = await heldSource(store.source);
    store.put(Buffer.from('0123456xyz'));
    const answers = await Promise.all([4, 5, 6, 7, 8, 9].map((start) => held.read(start, start + 1, never)));
    expect(answers.join('')).toBe('456xyz');
    expect(store.counts.renewals).toBe(1);
    expect(store.counts.most).toBe(4);
  });

  it.each([
    ['another head', '012x456789'],
    ['more bytes', '01234567890'],
    ['fewer bytes', '012345678'],
    ['none', ''],
  ])('is refused for good if it has %s', async (_, other) => {
    const store = versionedStore(first);
    const held = await heldSource(store.source);
    store.put(Buffer.from(other));
    await expect(held.read(4, 5, never)).rejects.toMatchObject(CHANGED);
    const { length } = store.reads;
    store.put(first);
    await expect(held.read(4, 5, never)).rejects.toMatchObject(CHANGED);
    await expect(held.readInto(Buffer.alloc(1), 4, never)).rejects.toMatchObject(CHANGED);
    expect(store.reads).toHaveLength(length);
  });

  it('answers no read with bytes of a version whose head was not checked', async () => {
    const store = versionedStore(first);
    const held = await heldSource(store.source);
    store.put(Buffer.from('xxxxxxxxxx'));
    const answers = await Promise.allSettled(Array.from({ length: 9 }, (_, i) => held.read(i, i + 1, never)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 9 }, () => 'rejected'));
    expect(store.reads.filter(([version]) => version === 2)).toEqual([[2, 0, HEAD.length]]);
  });

  it('is an error for a reader that has not said which head to go on with', async () => {
    const store = versionedStore(first);
    const held = new HeldSource(store.source);
    await held.size(never);
    store.put(first);
    await expect(held.read(4, 5, never)).rejects.toMatchObject(CHANGED);
    expect(store.counts.renewals).toBe(0);
  });

  it('is given up if it changes again and again', async () => {
    const store = versionedStore(first);
    const held = await heldSource({
      ...store.source,
      read: (start: number, end: number, signal: AbortSignal) => {
        store.put(first);
        return store.source.read(start, end, signal);
      },
    });
    await expect(held.read(4, 5, never)).rejects.toMatchObject(CHANGED);
    expect(store.counts.renewals).toBeLessThan(10);
  });

  it('is an error if it has no way to its newest version, and is not read again', async () => {
    let reads = 0;
    const read = async () => {
      reads += 1;
      throw sourceChanged('It');
    };
    const held = await heldSource({ size: async () => 10, read });
    await expect(held.read(4, 5, never)).rejects.toMatchObject(CHANGED);
    expect(reads).toBe(1);
  });
});

describe('a renewal that breaks its contract', () => {
  /** Changed once, and renewed by `renew`. */
  async function changedSource(renew: VersionedSource[typeof RENEW]) {
    const store = versionedStore(first);
    const held = await heldSource({ ...store.source, [RENEW]: renew } as VersionedSource);
    store.put(first);
    return { store, held };
  }

  it.each([[Number.NaN], [-1], ['10'], [undefined]])('answers %s as the size', async (size) => {
    const { held } = await changedSource(async () => size as number);
    await expect(held.read(4, 5, never)).rejects.toMatchObject({
      name: 'TypeError',
      code: 'ERR_SEALPIPE_OPTIONS',
    });
  });

  it('fails: so does the read, and the next one tries again', async () => {
    let fails = 2;
    const { held, store } = await changedSource(async (signal) => {
      if (fails-- > 0) throw new Error('the store is away');
      return store.source[RENEW](signal);
    });
    for (let i = 0; i < 2; i++) await expect(held.read(4, 5, never)).rejects.toThrow('the store is away');
    expect(String(await held.read(4, 5, never))).toBe('4');
  });

  it('is followed by a head that cannot be read: nothing else is asked for before it has been', async () => {
    const store = versionedStore(first);
    let isAway = false;
    const held = await heldSource({
      ...store.source,
      read: (start: number, end: number, signal: AbortSignal) => {
        if (isAway && start === 0) return Promise.reject(new Error('the store is away'));
        return store.source.read(start, end, signal);
      },
    });
    store.put(Buffer.from('xxxxxxxxxx'));
    isAway = true;
    for (let i = 0; i < 2; i++) await expect(held.read(4, 5, never)).rejects.toThrow('the store is away');
    isAway = false;
    await expect(held.read(4, 5, never)).rejects.toMatchObject(CHANGED);
    expect(store.reads.filter(([version, start]) => version === 2 && start !== 0)).toEqual([]);
  });

  it('reports a new version where there is none: the read is given up', async () => {
    const { held } = await changedSource(async () => 10);
    await expect(held.read(4, 5, never)).rejects.toMatchObject(CHANGED);
  });

  it('never answers: an abort ends the wait, also that of others, and closing gives it up', async () => {
    let given: AbortSignal | undefined;
    const { held } = await changedSource((signal) => {
      given = signal;
      return new Promise(() => undefined);
    });
    const controllers = [new AbortController(), new AbortController()] as const;
    const waiting = controllers.map(({ signal }) => held.read(4, 5, signal));
    for (const one of waiting) one.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 10));
    controllers[0].abort('enough');
    await expect(waiting[0]).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
    expect(given?.aborted).toBe(false);
    controllers[1].abort('too');
    await expect(waiting[1]).rejects.toMatchObject({ name: 'AbortError', cause: 'too' });
    await held.close();
    expect(given?.aborted).toBe(true);
  });

  it('answers after the reader that asked has gone: the others go on', async () => {
    let answer: (size: number) => void = () => undefined;
    const { held, store } = await changedSource(
      (signal) =>
        new Promise((resolve) => {
          answer = () => resolve(store.source[RENEW](signal));
        }),
    );
    const controller = new AbortController();
    const gone = held.read(4, 5, controller.signal);
    gone.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const other = held.read(5, 6, never);
    controller.abort();
    await expect(gone).rejects.toMatchObject({ code: 'ABORT_ERR' });
    answer(10);
    expect(String(await other)).toBe('5');
  });
});
