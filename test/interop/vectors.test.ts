import { beforeEach, describe, expect, it } from 'vitest';
import { tellingLengths, wantedOf } from '../vectors/cut-lengths.js';
import { keptVectors } from '../vectors/files.js';
import { openAtOnce, readerOptions, wanted } from '../vectors/replay.js';
import { openThere } from './independent-reader.js';
import { needsPython } from './python.js';

const vectors = keptVectors();

describe('the independent reader', () => {
  beforeEach(needsPython);

  it('gives the verdict of every vector, and releases what may be released', () => {
    const answers = openThere(vectors);
    const differing = vectors.flatMap((vector, i) => {
      const [answer] = answers[i]!;
      return answer === wanted(vector) ? [] : [`${vector.name}: ${answer}, not ${wanted(vector)}`];
    });
    expect(differing).toEqual([]);
  });

  it('gives the verdict of the cuts', async () => {
    const tables = vectors.filter(({ cuts }) => cuts.length > 0);
    const lengths = tables.map((vector) => [...tellingLengths(vector)]);
    const answers = openThere(
      tables.map((vector, i) => ({ ...vector, lengths: lengths[i]!.map(([length]) => length) })),
    );
    for (const [i, vector] of tables.entries()) {
      const { released } = await openAtOnce(vector.stream, readerOptions(vector));
      const right = lengths[i]!.map(([, cut]) => wantedOf(cut, cut.releasedBytes, released));
      expect([vector.name, ...answers[i]!]).toEqual([vector.name, ...right]);
    }
  });
});
