import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { makeVectors } from './cases/index.js';
import { isKept, keepVectors, vectorNames, vectorText } from './files.js';
import type { Vector } from './form.js';
import { decodeVector, encodeVector } from './text-form.js';

/** A reader has every byte in a Buffer. */
function asRead(vector: Vector): Vector {
  const keys = vector.keys.map(({ name, key }) => ({ name, key: Buffer.from(key) }));
  return { ...vector, keys, stream: Buffer.from(vector.stream) };
}

/** `SEALPIPE_WRITE_VECTORS=1`: write the files instead of comparing them. */
const writing = process.env.SEALPIPE_WRITE_VECTORS === '1';

describe('the files of the vectors', () => {
  const vectors = makeVectors();
  const names = vectors.map(({ name }) => name);

  it('are what the generator makes', () => {
    if (writing) keepVectors(vectors);
    expect(vectorNames()).toEqual([...names].sort());
    expect(vectors.filter((vector) => !isKept(vector)).map(({ name }) => name)).toEqual([]);
  });

  it('come out the same each time', () => {
    expect(isDeepStrictEqual(makeVectors(), vectors)).toBe(true);
  });

  it('have a name each, and hold a stream that no other has', () => {
    expect(new Set(names).size).toBe(names.length);
    const streams = vectors.filter(({ stream }) => stream.length > 20);
    const seen = new Set(streams.map(({ stream }) => Buffer.from(stream).toString('latin1')));
    expect(seen.size).toBe(streams.length);
  });

  it('are read as they were written', () => {
    const changed = vectors.filter(
      (vector) => !isDeepStrictEqual(decodeVector(vector.name, encodeVector(vector)), asRead(vector)),
    );
    expect(changed.map(({ name }) => name)).toEqual([]);
  });

  it('stay below 3 MiB in all', () => {
    const sizes = vectorNames().map((name) => vectorText(name).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(3 * 2 ** 20);
  });

  it('stand for every suite and layout, and for every kind of verdict that a reader gives', () => {
    const kinds = new Set(vectors.map(({ suite, layout }) => `${suite} ${layout}`));
    expect(kinds.size).toBe(10);
    expect([...new Set(vectors.map(({ expect }) => expect))].sort()).toEqual([
      'ERR_SEALPIPE_AUTHENTICATION',
      'ERR_SEALPIPE_CONTEXT',
      'ERR_SEALPIPE_FORMAT',
      'ERR_SEALPIPE_KEY_MISMATCH',
      'ERR_SEALPIPE_TRAILING_DATA',
      'ERR_SEALPIPE_TRUNCATED',
      'ERR_SEALPIPE_UNSUPPORTED',
      'success',
    ]);
  });
});
