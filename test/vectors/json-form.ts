import type { ReaderLimits } from '../../src/format/preamble.js';
import type { LayoutName } from '../../src/format/stream-header.js';
import type { SuiteName } from '../../src/suites.js';
import { SUITE_NAMES } from './case-kit.js';
import type { Cut, Vector, VectorKey } from './form.js';
import { sha256Hex } from './form.js';
import type { JsonBytes } from './json-bytes.js';
import { decodeBytes, encodeBytes } from './json-bytes.js';
import type { JsonWriter } from './json-writer.js';
import { decodeWriter, encodeWriter } from './json-writer.js';
import { classOf, expectationOf } from './verdict-classes.js';

interface JsonKey {
  readonly name: string;
  readonly key: string;
}

interface JsonCut {
  readonly from: number;
  readonly to: number;
  readonly expect: string;
  readonly atEnd?: true;
  readonly releasedBytes: number;
}

/** A vector as it stands in a file; README.md says what each member is. */
export interface JsonVector {
  readonly name: string;
  readonly comment: string;
  readonly expect: string;
  readonly atEnd?: true;
  readonly suite: SuiteName;
  readonly layout: LayoutName;
  /** The suite that the prologue names, if the preamble is legal: a reader without it has another verdict. */
  readonly needs?: SuiteName;
  readonly keys?: readonly JsonKey[];
  readonly context?: Readonly<Record<string, string>>;
  readonly limits?: Partial<ReaderLimits>;
  readonly preambleBytes?: number;
  readonly releasedBytes: number;
  readonly releasedSha256: string;
  readonly cuts?: readonly JsonCut[];
  readonly segmentDigest?: string;
  readonly writer?: JsonWriter;
  /** Longer ones stand for themselves by length and digest: `writer` says how they are made. */
  readonly stream: JsonBytes | { readonly bytes: number; readonly sha256: string };
}

/** Longer streams are not written out. */
export const MOST_STREAM_BYTES = 262_144;

/** `usual`: the keys that need no mention. */
export function encodeVector(vector: Vector, usual: readonly VectorKey[]): JsonVector {
  const { name, comment, expect, atEnd, suite, layout, context, limits, preambleSize, stream } = vector;
  const keys = encodeKeys(vector.keys);
  const isUsual = JSON.stringify(keys) === JSON.stringify(encodeKeys(usual));
  return {
    name,
    comment,
    expect: classOf(expect),
    ...(atEnd && { atEnd }),
    suite,
    layout,
    ...(preambleSize !== undefined && { needs: SUITE_NAMES[stream[9]! - 1]! }),
    ...(!isUsual && { keys }),
    ...(context && { context }),
    ...(limits && { limits }),
    ...(preambleSize !== undefined && { preambleBytes: preambleSize }),
    releasedBytes: vector.releasedBytes,
    releasedSha256: vector.releasedSha256,
    ...(vector.cuts.length > 0 && { cuts: vector.cuts.map(encodeCut) }),
    ...(vector.segmentDigest !== undefined && { segmentDigest: vector.segmentDigest }),
    ...(vector.writer && { writer: encodeWriter(vector.writer) }),
    stream:
      stream.length > MOST_STREAM_BYTES
        ? { bytes: stream.length, sha256: sha256Hex(stream) }
        : encodeBytes(stream),
  };
}

/** The vector, or undefined if its stream is not written out. */
export function decodeVector(json: JsonVector, usual: readonly JsonKey[]): Vector | undefined {
  const { name, comment, expect, atEnd = false, suite, layout, keys = usual, stream } = json;
  if (typeof stream === 'object' && 'sha256' in stream) return undefined;
  return {
    name,
    comment,
    expect: expectationOf(expect),
    atEnd,
    suite,
    layout,
    keys: keys.map(({ name, key }) => ({ name, key: Buffer.from(key, 'hex') })),
    context: json.context,
    limits: json.limits,
    preambleSize: json.preambleBytes,
    releasedBytes: json.releasedBytes,
    releasedSha256: json.releasedSha256,
    cuts: (json.cuts ?? []).map(({ expect: said, atEnd = false, ...cut }) => ({
      ...cut,
      atEnd,
      expect: expectationOf(said),
    })),
    segmentDigest: json.segmentDigest,
    writer: json.writer && decodeWriter(suite, layout, json.writer),
    stream: decodeBytes(stream),
  };
}

export function encodeKeys(keys: readonly VectorKey[]): JsonKey[] {
  return keys.map(({ name, key }) => ({ name, key: Buffer.from(key).toString('hex') }));
}

function encodeCut({ from, to, expect, atEnd, releasedBytes }: Cut): JsonCut {
  return { from, to, expect: classOf(expect), ...(atEnd && { atEnd }), releasedBytes };
}
