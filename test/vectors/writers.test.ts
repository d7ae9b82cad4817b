import { describe, expect, it } from 'vitest';
import { rawKey } from '../../src/keys/raw.js';
import { OUR_KEYS } from './case-kit.js';
import { keptVectors, readFamily } from './files.js';
import type { Vector } from './form.js';
import { sha256Hex } from './form.js';
import { decodeWriter } from './json-writer.js';
import { sealHere } from './our-writer.js';
import { openInPieces, said } from './replay.js';
import { inPieces } from './splits.js';

type Written = Vector & { readonly writer: NonNullable<Vector['writer']> };
const isWritten = (vector: Vector): vector is Written => vector.writer !== undefined;
const vectors = keptVectors().filter(isWritten);

describe('the vectors of a writer', () => {
  it('are what this library seals from their inputs, byte for byte', () => {
    expect(vectors.length).toBeGreaterThan(50);
    for (const { name, writer, stream } of vectors) {
      expect([name, sha256Hex(sealHere(writer))]).toEqual([name, sha256Hex(stream)]);
    }
  });

  it('have envelopes of a multiple of 1,024 bytes, one multiple further where the pad cannot be exact', () => {
    const sizes = vectors.flatMap(({ name, stream }) => {
      const [, missing] = /^writer\/envelope-(\d+)-short$/.exec(name) ?? [];
      return missing === undefined ? [] : [[Number(missing), Buffer.from(stream).readUInt32BE(16)]];
    });
    const exact = [0, 6, 7, 261, 263].map((missing) => [missing, 2_048]);
    const further = [1, 2, 3, 4, 5, 262].map((missing) => [missing, 3_072]);
    expect(sizes.sort(([a], [b]) => a! - b!)).toEqual([...exact, ...further].sort(([a], [b]) => a! - b!));
  });

  it('of which the stream is not written out has the right digest, and opens', async () => {
    const long = readFamily('writer').vectors.filter(
      ({ stream }) => typeof stream === 'object' && 'sha256' in stream,
    );
    expect(long.map(({ name }) => name)).toEqual(['writer/record-66000-frames']);
    for (const { suite, layout, writer, stream, releasedBytes, releasedSha256 } of long) {
      const sealed = sealHere(decodeWriter(suite, layout, writer!));
      expect({ bytes: sealed.length, sha256: sha256Hex(sealed) }).toEqual(stream);
      const options = { keys: OUR_KEYS.map(rawKey) };
      const right = `success, ${releasedBytes} bytes ${releasedSha256}`;
      expect(said(await openInPieces(inPieces(sealed, 65_536), options))).toBe(right);
    }
  });
});
