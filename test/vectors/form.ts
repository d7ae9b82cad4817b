import { createHash } from 'node:crypto';
import type { ErrorCode } from '../../src/errors.js';
import type { ReaderLimits } from '../../src/format/preamble.js';
import type { LayoutName } from '../../src/format/stream-header.js';
import type { SuiteName } from '../../src/suites.js';
import type { WriterInputs } from './writer-inputs.js';

/** What a reader has to say of a stream. */
export type Expectation = 'success' | ErrorCode;

/** A wrapping key that the reader of a vector holds, for the provider `raw`. */
export interface VectorKey {
  readonly name: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

/** The verdict on the first `length` bytes of a stream, for every length from `from` to `to`. */
export interface Cut {
  readonly from: number;
  readonly to: number;
  readonly expect: Expectation;
  readonly atEnd: boolean;
  /** How many bytes of the whole stream's plaintext are released. */
  readonly releasedBytes: number;
}

/** One stream, what its reader is given, and what has to come of it. Its form in a file is in README.md. */
export interface Vector {
  /** `family/case`; the family is the file that it is kept in. */
  readonly name: string;
  readonly comment: string;
  readonly expect: Expectation;
  readonly atEnd: boolean;
  readonly suite: SuiteName;
  readonly layout: LayoutName;
  readonly keys: readonly VectorKey[];
  /** The encryption context that the reader requires, or brings; undefined: none. */
  readonly context: Readonly<Record<string, string>> | undefined;
  /** Limits of the reader's own; undefined: those of the format. */
  readonly limits: Partial<ReaderLimits> | undefined;
  /** Bytes before the first frame; undefined: the preamble is not legal. */
  readonly preambleSize: number | undefined;
  readonly releasedBytes: number;
  /** Of what is released before the verdict, in hex. */
  readonly releasedSha256: string;
  /** What becomes of the stream when it is cut: every length below its own, in order, or nothing. */
  readonly cuts: readonly Cut[];
  /** What the next segment of an archive names as `previous`, in hex (FORMAT 8). */
  readonly segmentDigest: string | undefined;
  /** What a writer makes the stream from. */
  readonly writer: WriterInputs | undefined;
  readonly stream: Uint8Array;
}

/** What a case has to say; the rest has a usual value. */
export interface VectorParts
  extends Pick<Vector, 'name' | 'comment' | 'suite' | 'layout' | 'keys' | 'stream'> {
  readonly expect?: Expectation;
  readonly atEnd?: boolean;
  readonly context?: Readonly<Record<string, string>> | undefined;
  readonly limits?: Partial<ReaderLimits> | undefined;
  readonly preambleSize?: number | undefined;
  readonly released?: Uint8Array | undefined;
  readonly cuts?: readonly Cut[];
  readonly segmentDigest?: string | undefined;
  readonly writer?: WriterInputs | undefined;
}

export function vectorOf(parts: VectorParts): Vector {
  const { released = Buffer.alloc(0), ...rest } = parts;
  return {
    expect: 'success',
    atEnd: false,
    context: undefined,
    limits: undefined,
    preambleSize: undefined,
    cuts: [],
    segmentDigest: undefined,
    writer: undefined,
    ...rest,
    releasedBytes: released.length,
    releasedSha256: sha256Hex(released),
  };
}

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
