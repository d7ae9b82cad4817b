import { beforeEach, describe, expect, it } from 'vitest';
import { runs, sampled } from '../support/sample.js';
import { keptVectors } from '../vectors/files.js';
import type { Vector } from '../vectors/form.js';
import { flipped } from '../vectors/frame-forge.js';
import { seed } from '../vectors/material.js';
import { openInPieces, readerOptions, said } from '../vectors/replay.js';
import { atRandom, inPieces, randomFrom } from '../vectors/splits.js';
import type { OpenJob } from './independent-reader.js';
import { openThere } from './independent-reader.js';
import { needsPython } from './python.js';

const vectors = keptVectors();
/** Damaged streams for each vector. */
const DAMAGED = runs(400);

/** Has both readers open the same, and says where they differ. */
async function differences(
  cases: readonly { name: string; vector: Vector; stream: Uint8Array }[],
): Promise<string[]> {
  const jobs: OpenJob[] = cases.map(({ vector, stream }) => ({
    ...vector,
    stream,
    lengths: [stream.length],
  }));
  const theirs = openThere(jobs);
  const found: string[] = [];
  for (const [i, { name, vector, stream }] of cases.entries()) {
    const ours = said(await openInPieces(atRandom(stream, name), readerOptions({ ...vector, stream })));
    if (ours !== theirs[i]![0]) found.push(`${name}: ${ours} here, ${theirs[i]![0]} there`);
  }
  return found;
}

/** Changes, inserts, removes or doubles some bytes, mostly near each other, and often cuts what is left. */
function damaged(stream: Uint8Array, random: () => number): Buffer {
  const below = (limit: number) => Math.floor(random() * limit);
  let bytes = Buffer.from(stream);
  let at = below(bytes.length);
  for (let times = below(3) + 1; times > 0; times--) {
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    const inserted = [
      Buffer.of(TELLING[below(TELLING.length)]!),
      Buffer.of(below(256)),
      after.subarray(0, below(4)),
      Buffer.alloc(0),
    ][below(4)]!;
    bytes = Buffer.concat([before, inserted, after.subarray(below(3))]);
    at = Math.min(at + below(4), bytes.length);
  }
  return random() < 0.5 ? bytes.subarray(0, Math.min(bytes.length, at + below(12))) : bytes;
}

/** First bytes of MessagePack values, where damage tells most. */
const TELLING = [
  0x00, 0x7f, 0x80, 0x81, 0x82, 0x83, 0x90, 0x91, 0xa0, 0xa1, 0xbf, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6,
  0xca, 0xcc, 0xcd, 0xce, 0xcf, 0xd3, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0xe0, 0xed, 0xf0, 0xf4, 0xff,
];

describe('both readers say the same', () => {
  beforeEach(needsPython);

  it.each(['cuts/aes-256-gcm-fixed', 'cuts/record-frames'])('of %s with any bit flipped', async (name) => {
    const vector = vectors.find((other) => other.name === name)!;
    const cases = Array.from(vector.stream).flatMap((_, offset) =>
      [0, 1, 2, 3, 4, 5, 6, 7].map((bit) => ({
        name: `bit ${bit} of byte ${offset}`,
        vector,
        stream: flipped(vector.stream, offset, 1 << bit),
      })),
    );
    expect(await differences(sampled(cases, 2_000, name))).toEqual([]);
  });

  it.each([
    'cuts/rich-preamble',
    'bound/content',
    'chain/unknown-keys',
    'context/awkward-keys',
    'recipients/two',
    'envelope/32-recipients',
    'frames/record/aes-128-gcm/three',
    'frames/record/sm4-gcm/three',
    'limit/recipients-within',
  ])('of %s with random damage', async (name) => {
    const vector = vectors.find((other) => other.name === name)!;
    const random = randomFrom(seed(`damage of ${name}`).readUInt32BE());
    const streams = Array.from({ length: DAMAGED }, () => damaged(vector.stream, random));
    const cases = streams.map((stream) => ({ name: stream.toString('hex'), vector, stream }));
    expect(await differences(cases)).toEqual([]);
  });

  it('of damaged preambles that are cut at every byte, in pieces of 1, 2, 7 and all bytes', async () => {
    const vector = vectors.find(({ name }) => name === 'cuts/rich-preamble')!;
    const head = { ...vector, stream: vector.stream.subarray(0, vector.preambleSize) };
    const random = randomFrom(seed('damaged preambles').readUInt32BE());
    const streams = Array.from({ length: runs(10) }, () => damaged(head.stream, random));
    const lengths = streams.map(({ length }) => Array.from({ length: length + 1 }, (_, i) => i));
    const theirs = openThere(streams.map((stream, i) => ({ ...head, stream, lengths: lengths[i]! })));
    const found: string[] = [];
    for (const [i, stream] of streams.entries()) {
      for (const length of lengths[i]!) {
        const bytes = stream.subarray(0, length);
        const pieces = inPieces(bytes, [1, 2, 7, stream.length][length % 4]!);
        const ours = said(await openInPieces(pieces, readerOptions({ ...head, stream })));
        if (ours !== theirs[i]![length])
          found.push(`${bytes.toString('hex')}: ${ours}, ${theirs[i]![length]}`);
      }
    }
    expect(found).toEqual([]);
  });

  it('of every vector with a malformed preamble, wherever it is cut around the place that shows it', async () => {
    const malformed = vectors.filter(
      ({ preambleSize, stream }) => preambleSize === undefined && stream.length < 1_000,
    );
    const cases: { name: string; vector: Vector; stream: Uint8Array }[] = [];
    for (const vector of malformed) {
      const { stream } = vector;
      const place = await firstRefused(vector);
      for (const length of [place - 2, place - 1, place, place + 1, place + 2]) {
        if (length < 0 || length > stream.length) continue;
        cases.push({ name: `${vector.name} cut to ${length}`, vector, stream: stream.subarray(0, length) });
      }
    }
    expect(await differences(sampled(cases, 1_000, 'malformed'))).toEqual([]);
  });
});

/** The least length at which the input is no longer taken for a truncated one. */
async function firstRefused(vector: Vector): Promise<number> {
  let legal = 0;
  let refused = vector.stream.length;
  while (refused - legal > 1) {
    const middle = (legal + refused) >> 1;
    const { verdict } = await openInPieces([vector.stream.subarray(0, middle)], readerOptions(vector));
    if (verdict === 'ERR_SEALPIPE_TRUNCATED') legal = middle;
    else refused = middle;
  }
  return refused;
}
