import { describe, expect, it } from 'vitest';
import { sampled } from '../support/sample.js';
import { lengthsOf, tellingLengths, wantedOf } from './cut-lengths.js';
import { keptVectors } from './files.js';
import type { Cut, Vector } from './form.js';
import type { Outcome } from './replay.js';
import { openAtOnce, openInPieces, readerOptions, said } from './replay.js';
import { atRandom, byteByByte } from './splits.js';

const tables = keptVectors().filter(({ cuts }) => cuts.length > 0);

/** Has every cut opened, and says where the outcome is another. */
async function wrongCuts(
  vector: Vector,
  lengths: Iterable<readonly [number, Cut]>,
  open: (sealed: Uint8Array) => Promise<Outcome>,
  releases = true,
): Promise<string[]> {
  const whole = (await openAtOnce(vector.stream, readerOptions(vector))).released;
  const wrong: string[] = [];
  for (const [length, cut] of lengths) {
    const right = wantedOf(cut, releases ? cut.releasedBytes : 0, whole);
    const outcome = said(await open(vector.stream.subarray(0, length)));
    if (outcome !== right) wrong.push(`cut to ${length}: ${outcome}, not ${right}`);
  }
  return wrong;
}

describe.each(tables)('the cuts of $name', (vector) => {
  const options = readerOptions(vector);
  const some = (lengths: Iterable<readonly [number, Cut]>) => sampled(lengths, 30, vector.name);

  it('are told for every length from nothing to one byte less than all', () => {
    const lengths = [...lengthsOf(vector)].map(([length]) => length);
    expect(lengths).toEqual(Array.from({ length: vector.stream.length }, (_, length) => length));
  });

  it('are opened at once', async () => {
    const open = (sealed: Uint8Array) => openAtOnce(sealed, options);
    expect(await wrongCuts(vector, some(tellingLengths(vector)), open, false)).toEqual([]);
  });

  it('are opened byte by byte', async () => {
    const few =
      vector.stream.length > 1_000 ? [...tellingLengths(vector)].slice(-60) : tellingLengths(vector);
    expect(await wrongCuts(vector, some(few), (sealed) => openInPieces(byteByByte(sealed), options))).toEqual(
      [],
    );
  });

  it('are opened in random pieces', async () => {
    const open = (sealed: Uint8Array) => openInPieces(atRandom(sealed, `${sealed.length}`), options);
    expect(await wrongCuts(vector, some(tellingLengths(vector)), open)).toEqual([]);
  });
});
