import { beforeEach, describe, expect, it } from 'vitest';
import { readHeader } from '../../src/streams/read-header.js';
import { everySort, OUR_KEYS, SUITE_NAMES } from '../vectors/case-kit.js';
import { material, seed } from '../vectors/material.js';
import { openAtOnce, openInPieces, readerOptions, said, wanted } from '../vectors/replay.js';
import { atRandom } from '../vectors/splits.js';
import type { SealJob, SealOptions } from './independent-writer.js';
import { sealThere } from './independent-writer.js';
import { needsPython } from './python.js';

const F = 4_096;

async function expectOpenHere(jobs: readonly SealJob[]): Promise<void> {
  for (const vector of sealThere(jobs)) {
    const options = readerOptions(vector);
    const pieces = atRandom(vector.stream, vector.name);
    expect([vector.name, said(await openAtOnce(vector.stream, options))]).toEqual([
      vector.name,
      wanted(vector),
    ]);
    expect([vector.name, said(await openInPieces(pieces, options))]).toEqual([vector.name, wanted(vector)]);
  }
}

describe('streams of the independent writer open here', () => {
  beforeEach(needsPython);

  const sorts = everySort().map(({ suite, layout }) => ({
    suite: SUITE_NAMES.indexOf(suite) + 1,
    layout: layout === 'record' ? (1 as const) : (0 as const),
  }));

  it('in every suite, layout and edge length', async () => {
    const lengths = [0, 1, F - 1, F, F + 1, 3 * F + 5];
    const jobs = sorts.flatMap((options) =>
      lengths.map((length) => ({
        name: `suite ${options.suite}, layout ${options.layout}, ${length} bytes`,
        plaintext: material(`${length}`, length),
        options,
      })),
    );
    await expectOpenHere(jobs);
  });

  it('in every frame size', async () => {
    const sizes = [12, 13, 14, 15, 16, 17, 18, 19, 20];
    const jobs = sizes.map((log2) => ({
      name: `2^${log2}`,
      plaintext: Buffer.alloc(2 ** log2 + 1, log2),
      options: { frame_size_log2: log2, layout: (log2 % 2) as 0 | 1 },
    }));
    await expectOpenHere(jobs);
  });

  it.each([[[0]], [[1, 2, 3]], [[10, 500, 501]], [[F]], [[F - 1, 2 * F, 3 * F + 5]]])(
    'flushed at %j',
    async (at) => {
      const jobs = SUITE_NAMES.map((name, i) => ({
        name,
        plaintext: material('flushed', 3 * F + 5),
        options: { suite: i + 1, layout: 1 as const, flush_at: at },
      }));
      await expectOpenHere(jobs);
    },
  );

  it.each<[string, SealOptions]>([
    ['an empty context, withheld', { context: {}, withhold_context: true }],
    ['a context', { context: { b: '1', a: '2' } }],
    ['a context, withheld', { context: { b: '1', a: '2' }, withhold_context: true }],
    [
      'odd keys',
      { context: JSON.parse('{"2":"","10":"","-":"","__proto__":"","constructor":"","\\ufeff":"\\ufeff"}') },
    ],
    ['a full context', { context: { k: 'v'.repeat(8_179) } }],
    ['unknown keys', { extra_unknown_keys: true, content: { type: 'a' } }],
    ['keys back to front', { reverse_keys: true, content: { encoding: 'gzip', type: 'text/plain' } }],
    ['no pad', { pad: false }],
    ['a data key of 1,024 bytes', { data_key_bytes: 1_024 }],
    ['a creation long ago', { created: 0 }],
    ['the last creation', { created: 2 ** 53 - 1 }],
    ['a chain', { chain: { archive: '11'.repeat(16), index: 2 ** 53 - 1, previous: '22'.repeat(32) } }],
    [
      'everything',
      {
        context: { a: '1' },
        withhold_context: true,
        extra_unknown_keys: true,
        reverse_keys: true,
        pad: false,
        data_key_bytes: 33,
        content: {},
        chain: { archive: '11'.repeat(16), index: 0, previous: '00'.repeat(32) },
      },
    ],
  ])('with %s, in every suite and layout', async (name, options) => {
    const jobs = sorts.map((sort) => ({
      name: `${name}, suite ${sort.suite}, layout ${sort.layout}`,
      plaintext: material(name, 100),
      options: { ...options, ...sort },
    }));
    await expectOpenHere(jobs);
  });

  it('for several recipients, by the last', async () => {
    const keys = Array.from({ length: 32 }, (_, i) => ({ name: `key ${i}`, key: seed(`key ${i}`) }));
    const [sealed] = sealThere([{ name: 'many', plaintext: seed('many'), options: { suite: 3 }, keys }]);
    const vector = { ...sealed!, keys: keys.slice(31) };
    expect(said(await openAtOnce(vector.stream, readerOptions(vector)))).toBe(wanted(vector));
  });

  it('with a closing segment', async () => {
    const chain = { archive: '11'.repeat(16), index: 5, previous: '22'.repeat(32), closed: true };
    const jobs = sorts.map((sort) => ({
      name: `suite ${sort.suite}, layout ${sort.layout}`,
      plaintext: Buffer.alloc(0),
      options: { ...sort, chain },
    }));
    await expectOpenHere(jobs);
  });

  it('and show the same header', async () => {
    const chain = { archive: '1f'.repeat(16), index: 2 ** 40, previous: '22'.repeat(32) };
    const content = { encoding: 'zstd', type: '\ufeff' };
    const context = { b: '1', a: '2' };
    const options = { suite: 5, layout: 1 as const, created: 1_700_000_000, chain, content, context };
    const [vector] = sealThere([{ name: 'header', plaintext: seed('header'), options }]);
    const header = await readHeader(vector!.stream);
    expect(header).toMatchObject({
      version: 1,
      suite: 'SM4-GCM',
      layout: 'record',
      frameSize: F,
      created: 1_700_000_000_000,
      content,
      chain: { index: 2 ** 40 },
      recipients: [{ provider: 'raw', key: OUR_KEYS[0]!.name }],
    });
    expect({ ...header.encryptionContext }).toEqual(context);
    expect(Buffer.from(header.chain!.archive).toString('hex')).toBe(chain.archive);
  });
});
