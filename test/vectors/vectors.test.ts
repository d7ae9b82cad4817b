import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { rawKey } from '../../src/keys/raw.js';
import { readHeader } from '../../src/streams/read-header.js';
import { keptVectors } from './files.js';
import type { Vector } from './form.js';
import type { Outcome } from './replay.js';
import { counted, openAtOnce, openInPieces, readerOptions, said, wanted } from './replay.js';
import { atRandom, byteByByte } from './splits.js';

const vectors = keptVectors();
const groups = [...new Set(vectors.map(({ name }) => name.slice(0, name.lastIndexOf('/'))))];

/** Has every vector of a group opened, and says where the outcome is another. */
async function replay(group: string, open: (vector: Vector) => Promise<Outcome>): Promise<string[]> {
  const wrong: string[] = [];
  for (const vector of inGroup(group)) {
    const outcome = said(await open(vector));
    if (outcome !== wanted(vector)) wrong.push(`${vector.name}: ${outcome}, not ${wanted(vector)}`);
  }
  return wrong;
}

function inGroup(group: string): Vector[] {
  return vectors.filter(({ name }) => name.slice(0, name.lastIndexOf('/')) === group);
}

describe.each(groups)('the vectors of %s', (group) => {
  it('are opened whole by a stream', async () => {
    expect(await replay(group, (vector) => openInPieces([vector.stream], readerOptions(vector)))).toEqual([]);
  });

  it('are opened byte by byte', async () => {
    const open = (vector: Vector) => openInPieces(byteByByte(vector.stream), readerOptions(vector));
    expect(await replay(group, open)).toEqual([]);
  });

  it.each(['first', 'second', 'third'])('are opened in random pieces, the %s time', async (time) => {
    const open = (vector: Vector) =>
      openInPieces(atRandom(vector.stream, `${vector.name} ${time}`), readerOptions(vector));
    expect(await replay(group, open)).toEqual([]);
  });

  it('are opened at once: all of the plaintext or none', async () => {
    for (const vector of inGroup(group)) {
      const outcome = said(await openAtOnce(vector.stream, readerOptions(vector)));
      const right = vector.expect === 'success' ? wanted(vector) : nothingBefore(vector);
      expect([vector.name, outcome]).toEqual([vector.name, right]);
    }
  });

  it('cost no key call where the preamble or the context is refused', async () => {
    for (const vector of inGroup(group).filter(isRefusedBeforeKeys)) {
      const keys = vector.keys.map((key) => counted(rawKey(key)));
      const options = { ...readerOptions(vector), keys: keys.map(({ provider }) => provider) };
      await openInPieces([vector.stream], options);
      expect([vector.name, ...keys.map(({ calls }) => calls())]).toEqual([vector.name, ...keys.map(() => 0)]);
    }
  });

  it('show their header without a key where the preamble is legal, and else fail as the stream does', async () => {
    for (const vector of inGroup(group)) {
      const { name, suite, layout, preambleSize, stream, expect: code } = vector;
      const sources = [stream, Readable.from([Buffer.from(stream)]), Readable.from(byteByByte(stream))];
      for (const source of sources) {
        const answer = await readHeader(source).catch((error: { code: string }) => error.code);
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
