import { constants, deflateSync, inflateSync } from 'node:zlib';
import type { LayoutName, SuiteName } from '../../src/format/stream-header.js';
import type { Cut, Expectation, Vector, VectorKey } from './form.js';

const HEX_LINE = 64;
const BASE64_LINE = 96;
/** Streams up to this size are written in hex, for people. */
const MOST_HEX = 768;
/** From this size on a stream is compressed, if most of its bytes repeat the one before. */
const LEAST_COMPRESSED = 1_024;

/** Writes a vector as the text that README.md describes. */
export function encodeVector(vector: Vector): string {
  const { comment, expect, atEnd, suite, layout, keys, context, preambleSize, cuts, stream } = vector;
  const compressed = isRepetitive(stream);
  const payload = compressed ? deflateSync(stream, { strategy: constants.Z_RLE, level: 9 }) : stream;
  const hex = !compressed && stream.length <= MOST_HEX;
  const lines = [
    `expect: ${expect}`,
    atEnd && 'atEnd: true',
    `comment: ${comment}`,
    `suite: ${suite}`,
    `layout: ${layout}`,
    ...keys.flatMap(({ name, key }) => [`key-name: ${name}`, `key: ${Buffer.from(key).toString('hex')}`]),
    context !== undefined && `context: ${JSON.stringify(context)}`,
    preambleSize !== undefined && `preamble-bytes: ${preambleSize}`,
    `released-bytes: ${vector.releasedBytes}`,
    `released-sha256: ${vector.releasedSha256}`,
    ...cuts.map((cut) => `cut: ${encodeCut(cut)}`),
    compressed && 'compressed: zlib',
    `encoding: ${hex ? 'hex' : 'base64'}`,
  ].filter((line) => line !== false);
  const text = Buffer.from(payload).toString(hex ? 'hex' : 'base64');
  return `${[...lines, '', ...broken(text, hex ? HEX_LINE : BASE64_LINE)].join('\n')}\n`;
}

/** Reads what `encodeVector` wrote. */
export function decodeVector(name: string, text: string): Vector {
  const split = text.indexOf('\n\n');
  const fields = text
    .slice(0, split)
    .split('\n')
    .map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)] as const);
  const all = (field: string): string[] => fields.filter(([key]) => key === field).map(([, value]) => value);
  const one = (field: string): string | undefined => all(field)[0];
  const payload = Buffer.from(text.slice(split + 2).replaceAll('\n', ''), one('encoding') as BufferEncoding);
  const context = one('context');
  const preambleSize = one('preamble-bytes');
  return {
    name,
    comment: one('comment') ?? '',
    expect: one('expect') as Expectation,
    atEnd: one('atEnd') === 'true',
    suite: one('suite') as SuiteName,
    layout: one('layout') as LayoutName,
    keys: keysOf(all('key-name'), all('key')),
    context: context === undefined ? undefined : JSON.parse(context),
    preambleSize: preambleSize === undefined ? undefined : Number(preambleSize),
    releasedBytes: Number(one('released-bytes')),
    releasedSha256: one('released-sha256') ?? '',
    cuts: all('cut').map(decodeCut),
    stream: one('compressed') === 'zlib' ? inflateSync(payload) : payload,
  };
}

function keysOf(names: readonly string[], keys: readonly string[]): VectorKey[] {
  return names.map((name, i) => ({ name, key: Buffer.from(keys[i] ?? '', 'hex') }));
}

/** `FROM-TO CODE RELEASED-BYTES`, and ` atEnd` where that is so. */
function encodeCut({ from, to, expect, atEnd, releasedBytes }: Cut): string {
  return `${from}-${to} ${expect} ${releasedBytes}${atEnd ? ' atEnd' : ''}`;
}

function decodeCut(text: string): Cut {
  const [range = '', expect, released, atEnd] = text.split(' ');
  const [from, to] = range.split('-').map(Number);
  return {
    from: from ?? 0,
    to: to ?? 0,
    expect: expect as Expectation,
    atEnd: atEnd === 'atEnd',
    releasedBytes: Number(released),
  };
}

/** Decided by the bytes alone, since what zlib makes of them differs from one release to the next. */
function isRepetitive(stream: Uint8Array): boolean {
  if (stream.length < LEAST_COMPRESSED) return false;
  return stream.filter((byte, i) => i > 0 && byte === stream[i - 1]).length > stream.length / 2;
}

function broken(text: string, width: number): string[] {
  return Array.from({ length: Math.ceil(text.length / width) }, (_, i) =>
    text.slice(i * width, (i + 1) * width),
  );
}
