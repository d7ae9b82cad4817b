import type { SuiteName } from '../suites.js';

/**
 * How a stream is cut into frames (FORMAT 6). `fixed`: every frame except the last is full, so that the sizes of
 * plaintext and stream follow from each other. `record`: a writer may flush at any moment.
 */
export type LayoutName = 'fixed' | 'record';

/** One wrapping of the stream's data key (FORMAT 2). */
export interface Recipient {
  /** Who can unwrap it: `aws-kms`, `raw`, or a private name with a dot. */
  readonly provider: string;
  /** Which of the provider's keys. For `aws-kms` the key ARN. */
  readonly key: string;
  /** The wrapped data key, 1 to 6,144 bytes. */
  readonly wrapped: Uint8Array;
}

/** Hints about the plaintext. This library never acts on them. */
export interface ContentHints {
  /** Such as `gzip`. */
  readonly encoding?: string;
  /** Such as `application/x-ndjson`. */
  readonly type?: string;
}

/** The place of a stream in an archive (FORMAT 8). */
export interface ChainLink {
  /** 16 bytes that name the archive. */
  readonly archive: Uint8Array;
  /** The segment's place, from 0. */
  readonly index: number;
  /** 32 bytes: the digest of the segment before, or zeros for index 0. */
  readonly previous: Uint8Array;
  /** The archive ends with this (empty) segment. */
  readonly closed?: true;
}

/**
 * Everything in the preamble of a stream (FORMAT 1 and 2). From `readHeader`, none of it is authentic. From the
 * `header` event of a decrypt stream, everything except `recipients` is.
 */
export interface StreamHeader {
  /** The version of the format. */
  readonly version: 1;
  /** The cipher of the frames. */
  readonly suite: SuiteName;
  /** Plaintext bytes of a full frame: a power of two from 4,096 to 1,048,576. */
  readonly frameSize: number;
  /** How the stream is cut into frames. */
  readonly layout: LayoutName;
  /** The encryption context, with a null prototype; null if the writer withheld it. */
  readonly encryptionContext: Readonly<Record<string, string>> | null;
  /** When the stream was begun, in milliseconds since 1970 (whole seconds; the writer's clock). */
  readonly created: number;
  /** The place of the stream in an archive, if it has one. */
  readonly chain?: ChainLink;
  /** What the writer said about the plaintext, if anything. */
  readonly content?: ContentHints;
  /** 1 to 32 wrappings of the data key, any of which opens the stream. Not authentic. */
  readonly recipients: readonly Recipient[];
  /** 32 random bytes, fresh for every stream. */
  readonly salt: Uint8Array;
  /** 32 bytes that bind the stream to its data key (FORMAT 5). */
  readonly commitment: Uint8Array;
  /** Bytes before the first frame. */
  readonly preambleSize: number;
}
