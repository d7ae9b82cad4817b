import { beforeEach, describe, expect, it } from 'vitest';
import { onlyWhere } from '../support/prerequisite.js';
import { sampled } from '../support/sample.js';
import { SUITE_NAMES } from './case-kit.js';
import { keptVectors } from './files.js';
import type { Vector } from './form.js';
import { openAtOnce, openInPieces, readerOptions, said, serves, wanted } from './replay.js';
import { atRandom } from './splits.js';

/** Where frames are opened; the rest of a vector is the same for every engine. */
const OF_FRAMES = /^(frames|writer)\//;

/** The node engine opens all vectors elsewhere. */
describe.each(['native', 'noble'] as const)('the vectors of frames, with the %s engine', (engine) => {
  const served = SUITE_NAMES.filter((suite) => serves(engine, suite));
  const sample = keptVectors().filter(
    ({ name, suite, stream }) => OF_FRAMES.test(name) && served.includes(suite) && stream.length < 20_000,
  );

  beforeEach((context) => onlyWhere(context, served.length > 0, `a machine with the ${engine} engine`));

  it('are there for every suite that the engine serves', () => {
    expect(new Set(sample.map(({ suite }) => suite)).size).toBe(served.length);
    expect(sample.length).toBeGreaterThan(60);
  });

  it.each([
    ['whole by a stream', (vector: Vector) => [vector.stream]],
    ['in random pieces', (vector: Vector) => atRandom(vector.stream, `${vector.name} ${engine}`)],
  ] as const)('are opened %s', async (_, pieces) => {
    for (const vector of sampled(sample, 30, `vectors of frames with ${engine}`)) {
      const outcome = said(await openInPieces(pieces(vector), readerOptions(vector, engine)));
      expect([vector.name, outcome]).toEqual([vector.name, wanted(vector)]);
    }
  });

  it('are opened at once', async () => {
    for (const vector of sample.filter(({ expect }) => expect === 'success')) {
      const outcome = said(await openAtOnce(vector.stream, readerOptions(vector, engine)));
      expect([vector.name, outcome]).toEqual([vector.name, wanted(vector)]);
    }
  });
});
