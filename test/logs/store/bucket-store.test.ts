import { describe, expect, it } from 'vitest';
import { BucketStore } from '../../../src/logs/store/bucket-store.js';
import { logStore } from '../../../src/logs/store/store-options.js';
import { QUICK } from '../../s3/support/sealed-objects.js';

const ARCHIVE = 'ab'.repeat(16);
const STORE = 'ERR_SEALPIPE_STORE';

/** What a request asks for. */
type Asked = Readonly<Record<string, unknown>>;

/** A store with a client that answers as it likes. */
function storeAnswering(answer: (asked: Asked) => unknown, bucket = 'my-bucket') {
  const asked: Asked[] = [];
  const client = {
    send: async (command: object) => {
      const { input } = command as { input: Asked };
      asked.push(input);
      return answer(input);
    },
    config: { region: () => 'eu-west-1' },
  };
  const place = logStore({ store: `s3://${bucket}/a b`, client })!;
  return { store: new BucketStore(place, new AbortController().signal, { pace: QUICK }), asked };
}

const object = (name: string, Size = 1) => ({ Key: `a b/${ARCHIVE}/${name}`, Size });

describe('a bucket of archives', () => {
  it('takes a listing in any order, and an object that is listed twice once', async () => {
    const pages = [['000000000002', '000000000000'], ['000000000001', '000000000000'], []];
    const { store, asked } = storeAnswering(({ ContinuationToken = '0' }) => {
      const at = Number(ContinuationToken);
      const more = at + 1 < pages.length;
      const Contents = pages[at]!.map((name) => object(name));
      return { Contents, IsTruncated: more, ...(more && { NextContinuationToken: `${at + 1}` }) };
    });
    const names = await store.list(ARCHIVE, 7);
    expect([...names].sort()).toEqual(['000000000000', '000000000001', '000000000002']);
    expect(asked).toHaveLength(3);
    expect(asked[0]).toMatchObject({
      Prefix: `a b/${ARCHIVE}/`,
      Delimiter: '/',
      StartAfter: `a b/${ARCHIVE}/000000000007`,
    });
  });

  it('asks a directory bucket, which knows no place to begin after, for all names', async () => {
    const { store, asked } = storeAnswering(() => ({}), 'logs--use1-az4--x-s3');
    expect(await store.list(ARCHIVE, 7)).toEqual([]);
    expect(asked[0]).not.toHaveProperty('StartAfter');
  });

  it.each([
    ['a key that was not asked for', { Contents: [{ Key: '000000000000', Size: 1 }] }],
    ['no key', { Contents: [{ Size: 1 }] }],
    ['no size', { Contents: [{ Key: object('000000000000').Key }] }],
    ['more, but not where', { Contents: [], IsTruncated: true }],
    ['more at the same place for ever', { Contents: [], IsTruncated: true, NextContinuationToken: 'x' }],
    ['a key that is not encoded', { Contents: [{ Key: '%', Size: 1 }], EncodingType: 'url' }],
  ])('refuses a listing with %s', async (_, answer) => {
    const { store } = storeAnswering(() => answer);
    await expect(store.list(ARCHIVE)).rejects.toMatchObject({ code: STORE });
    await expect(store.sizes(ARCHIVE)).rejects.toMatchObject({ code: STORE });
  });

  it('has the archives whose names are ids, each once and in order', async () => {
    const { store } = storeAnswering(() => ({
      CommonPrefixes: ['ff'.repeat(16), 'x', ARCHIVE, ARCHIVE, 'AB'.repeat(16), ''].map((name) => ({
        Prefix: `a b/${name}/`,
      })),
    }));
    expect(await store.archives()).toEqual([ARCHIVE, 'ff'.repeat(16)]);
    const { store: wrong } = storeAnswering(() => ({ CommonPrefixes: [{ Prefix: `c/${ARCHIVE}/` }] }));
    await expect(wrong.archives()).rejects.toMatchObject({ code: STORE });
  });

  it('tells segments and forks from what else lies there', () => {
    const { store } = storeAnswering(() => ({}));
    const fork = `000000000003.fork-${'0a'.repeat(32)}`;
    expect(store.segmentOf('000000000003')).toEqual({
      ...{ name: '000000000003', index: 3, open: false, isFork: false },
      range: undefined,
    });
    expect(store.segmentOf(fork)).toMatchObject({ name: fork, index: 3, isFork: true });
    for (const name of ['', '3', '000000000003.open', '000000000003-1-2.sealed', '0000000000031']) {
      expect(store.segmentOf(name), name).toBeUndefined();
    }
  });

  it('removes an object, and says whether versions of it stay', async () => {
    const { store, asked } = storeAnswering(() => ({}));
    expect(await store.remove(ARCHIVE, '000000000003')).toEqual({ keepsVersions: false });
    expect(asked).toEqual([{ Bucket: 'my-bucket', Key: object('000000000003').Key }]);
    const versioned = storeAnswering(() => ({ DeleteMarker: true }));
    expect(await versioned.store.remove(ARCHIVE, '0')).toEqual({ keepsVersions: true });
  });
});
