import type { CanonicalContext } from './encryption-context.js';
import { readContext } from './encryption-context.js';
import { malformed } from './malformed.js';
import type { Fields } from './pack-reader.js';
import { PackReader } from './pack-reader.js';
import type { Packable } from './pack-writer.js';
import { pack, packedSize } from './pack-writer.js';
import type { ChainLink, ContentHints } from './stream-header.js';

/** The immutable map of a preamble (FORMAT 2): its bytes enter the key derivation. */
export interface Bound {
  /** null if the writer withheld the context. */
  readonly context: CanonicalContext | null;
  /** Unix seconds. */
  readonly created: number;
  readonly chain?: ChainLink;
  readonly content?: ContentHints;
}

const CONTENT: Fields<ContentHints> = {
  encoding: { required: false, read: (reader) => reader.str() },
  type: { required: false, read: (reader) => reader.str() },
};

const BOUND: Fields<Bound> = {
  context: { required: true, read: (reader) => (reader.nil() ? null : readContext(reader)) },
  created: { required: true, read: (reader) => reader.uint() },
  chain: { required: false, read: readChain },
  content: { required: false, read: (reader) => reader.map(CONTENT) },
};

/** Reads the `chain` map. Index 0 with a previous segment is refused as soon as both fields have been read. */
function readChain(reader: PackReader): ChainLink {
  let index: number | undefined;
  let previous: Uint8Array | undefined;
  const assertFirst = (): void => {
    if (index === 0 && previous?.some((byte) => byte !== 0)) {
      throw malformed('the first segment of an archive names a segment before it');
    }
  };
  return reader.map<ChainLink>({
    archive: { required: true, read: () => new Uint8Array(reader.bin(16, 16)) },
    index: {
      required: true,
      read: () => {
        index = reader.uint();
        assertFirst();
        return index;
      },
    },
    previous: {
      required: true,
      read: () => {
        previous = new Uint8Array(reader.bin(32, 32));
        assertFirst();
        return previous;
      },
    },
    closed: { required: false, read: () => reader.true() },
  });
}

/**
 * Decodes a bound, or its first bytes.
 *
 * @returns undefined if `bytes` is only a legal prefix
 * @throws SealpipeError `ERR_SEALPIPE_FORMAT`
 */
export function decodeBound(bytes: Uint8Array, declaredLength: number): Bound | undefined {
  return PackReader.read(bytes, declaredLength, (reader) => reader.map(BOUND));
}

/** Encodes a bound. Call after `loadPackWriter`. */
export function encodeBound(bound: Bound): Uint8Array {
  return pack(mapOf(bound));
}

/** The length of the result of {@link encodeBound}. */
export function boundSize(bound: Bound): number {
  return packedSize(mapOf(bound));
}

function mapOf(bound: Bound): Map<string, Packable> {
  const map = new Map<string, Packable>([
    ['context', bound.context && new Map(contextPairs(bound.context))],
    ['created', bound.created],
  ]);
  if (bound.chain) map.set('chain', definedFields(bound.chain));
  if (bound.content) map.set('content', definedFields(bound.content));
  return map;
}

/** The pairs in canonical order, which differs from the order of an object's keys if some look like integers. */
function contextPairs({ encryptionContext }: CanonicalContext): [string, string][] {
  return Object.entries(encryptionContext).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function definedFields(object: ChainLink | ContentHints): Map<string, Packable> {
  return new Map(Object.entries(object).filter(([, value]) => value !== undefined));
}
