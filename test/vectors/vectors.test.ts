import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { rawKey } from '../../src/keys/raw.js';
import { readHeader } from '../../src/streams/read-header.js';
import { sampled } from '../support/sample.js';
import { FAMILY_NAMES, familyOf } from './families.js';
import { keptVectors } from './files.js';
import type { Vector } from './form.js';
import type { Outcome } from './replay.js';
import { counted, openAtOnce, openInPieces, readerOptions, said, wanted } from './replay.js';
import { atRandom, inPieces } from './splits.js';

const vectors = keptVectors();
/** Larger streams have their frames opened byte by byte in fake-cipher.test.ts. */
const SMALL = 1_500;

/** Has every vector of a family opened, and says where the outcome is another. */
async function replay(
  family: string,
  open: (vector: Vector) => Promise<Outcome>,
  members = membersOf(family),
): Promise<string[]> {
  const wrong: string[] = [];
  for (const vector of members) {
    const outcome = said(await open(vector));
    if (outcome !== wanted(vector)) wrong.push(`${vector.name}: ${outcome}, not ${wanted(vector)}`);
  }
  return wrong;
}

function membersOf(family: string): Vector[] {
  return vectors.filter(({ name }) => familyOf(name) === family);
}

describe.each(FAMILY_NAMES)('the vectors of %s', (family) => {
  it('are opened whole by a stream', async () => {
    expect(await replay(family, (vector) => openInPieces([vector.stream], readerOptions(vector)))).toEqual(
      [],
    );
  });

  it('are opened byte by byte, or in pieces of 7 bytes if they are large', async () => {
    const open = (vector: Vector) => {
      const size = vector.stream.length <= SMALL ? 1 : 7;
      return openInPieces(inPieces(vector.stream, size), readerOptions(vector));
    };
    expect(await replay(family, open, sampled(membersOf(family), 20, `${family} byte by byte`))).toEqual([]);
  });

  it('are opened in random pieces', async () => {
    const open = (vector: Vector) =>
      openInPieces(atRandom(vector.stream, vector.name), readerOptions(vector));
    expect(await replay(family, open, sampled(membersOf(family), 20, `${family} in pieces`))).toEqual([]);
  });

  it('are opened at once: all of the plaintext or none', async () => {
    for (const vector of membersOf(family)) {
      const outcome = said(await openAtOnce(vector.stream, readerOptions(vector)));
      const right = vector.expect === 'success' ? wanted(vector) : nothingBefore(vector);
      expect([vector.name, outcome]).toEqual([vector.name, right]);
    }
  });

  it('cost no key call where the preamble or the context is refused', async () => {
    for (const vector of membersOf(family).filter(isRefusedBeforeKeys)) {
      const keys = vector.keys.map((key) => counted(rawKey(key)));
      const options = { ...readerOptions(vector), keys: keys.map(({ provider }) => provider) };
      await openInPieces([vector.stream], options);
      expect([vector.name, ...keys.map(({ calls }) => calls())]).toEqual([vector.name, ...keys.map(() => 0)]);
    }
  });

  it('show their header without a key where the preamble is legal, and else fail as the stream does', async () => {
    for (const vector of membersOf(family)) {
      const { name, suite, layout, limits, preambleSize, stream, expect: code } = vector;
      const sources = [stream, Readable.from(inPieces(Buffer.from(stream), 61))];
      for (const source of sources) {
        const answer = await readHeader(source, limits).catch((error: { code: string }) => error.code);
        if (preambleSize === undefined) expect([name, answer]).toEqual([name, code]);
        else expect([name, answer]).toMatchObject([name, { preambleSize, version: 1 }]);
        if (code === 'success') expect([name, answer]).toMatchObject([name, { suite, layout }]);
      }
    }
  });
});

function isRefusedBeforeKeys({ preambleSize, expect }: Vector): boolean {
  return preambleSize === undefined || expect === 'ERR_SEALPIPE_CONTEXT';
}

function nothingBefore({ expect, atEnd }: Vector): string {
  return said({ verdict: expect, atEnd, released: Buffer.alloc(0) });
}
