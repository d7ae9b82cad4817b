import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { OUR_KEYS } from './case-kit.js';
import { makeVectors } from './cases/index.js';
import { familyOf } from './families.js';
import { filesOf, keepFiles, keptFiles } from './files.js';
import type { Vector } from './form.js';
import { sha256Hex } from './form.js';
import { decodeVector, encodeKeys, encodeVector } from './json-form.js';
import { VERDICT_CLASSES } from './verdict-classes.js';

/** `SEALPIPE_WRITE_VECTORS=1`: write the files instead of comparing them. */
const writing = process.env['SEALPIPE_WRITE_VECTORS'] === '1';

const vectors = makeVectors();
const made = filesOf(vectors);
if (writing) keepFiles(made);

/** Through a file and back, told as a file. */
function reread(vector: Vector): unknown {
  const json = JSON.parse(JSON.stringify(encodeVector(vector, OUR_KEYS)));
  const back = decodeVector(json, encodeKeys(OUR_KEYS));
  return back && encodeVector(back, OUR_KEYS);
}

describe('the files of the vectors', () => {
  it('are what the generator makes, byte for byte', () => {
    const kept = keptFiles();
    expect([...kept.keys()]).toEqual([...made.keys()].sort());
    const differing = [...made].flatMap(([file, text]) => {
      const lines = kept.get(file)?.split('\n') ?? [];
      const at = text.split('\n').findIndex((line, i) => line !== lines[i]);
      return text === kept.get(file) ? [] : [`${file}:${at + 1}`];
    });
    expect(differing, 'npm run vectors writes them').toEqual([]);
  });

  it('hold vectors of a name each, with a stream that no other has', () => {
    expect(new Set(vectors.map(({ name }) => name)).size).toBe(vectors.length);
    const digests = vectors.map(({ stream }) => sha256Hex(stream));
    const twice = vectors.filter(({ stream }, i) => stream.length > 20 && digests.indexOf(digests[i]!) !== i);
    expect(twice.map(({ name }) => name)).toEqual([]);
  });

  it('are read as they were written', () => {
    const changed = vectors.filter((vector) => {
      const again = reread(vector);
      return again !== undefined && !isDeepStrictEqual(again, encodeVector(vector, OUR_KEYS));
    });
    expect(changed.map(({ name }) => name)).toEqual([]);
  });

  it('are listed in an index, with their digests and the names of their vectors', () => {
    const index = JSON.parse(made.get('index.json')!);
    expect(index.vectors).toBe(vectors.length);
    for (const { family, file, sha256, names } of index.families) {
      expect(sha256).toBe(sha256Hex(Buffer.from(made.get(file)!)));
      expect(names).toEqual(vectors.flatMap(({ name }) => (familyOf(name) === family ? [name] : [])));
    }
  });

  it('stay below 1.5 MiB in all', () => {
    const sizes = [...made.values()].map((text) => text.length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1.5 * 2 ** 20);
  });

  it('stand for every suite and layout, and for every verdict that a reader comes to', () => {
    expect(new Set(vectors.map(({ suite, layout }) => `${suite} ${layout}`)).size).toBe(10);
    const said = new Set(vectors.map((vector) => encodeVector(vector, OUR_KEYS).expect));
    expect([...said].sort()).toEqual([...VERDICT_CLASSES].sort());
  });
});
