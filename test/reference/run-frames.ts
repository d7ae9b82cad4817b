import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { FrameCipher } from '../../src/crypto/aead.js';
import type { FrameBounds, FrameLayout } from '../../src/frames/layout.js';
import { FrameOpener } from '../../src/frames/opener.js';
import { FrameSealer } from '../../src/frames/sealer.js';
import { isZero } from '../support/zeros.js';
import { fakeFrame, openFakeFrame } from './fake-cipher.js';
import type { NaiveCipher } from './naive-frames.js';

export const naiveFake: NaiveCipher = { seal: fakeFrame, open: openFakeFrame };
export const AAD = Buffer.from('the digest of a context, 32 long');
export const layoutOf = (layout: FrameLayout['layout'], frameSize: number): FrameLayout => ({
  layout,
  frameSize,
  aad: AAD,
});
export const FLUSH = 'flush';

/** What came out of a sealer or an opener, and how it ended. */
export interface Outcome {
  /** As emitted, one by one. */
  readonly pieces: readonly Uint8Array[];
  readonly bytes: Buffer;
  readonly frames: number;
  readonly code: string | undefined;
  readonly atEnd: boolean;
  /** Something was written into a buffer after it had been emitted. */
  readonly rewritten: boolean;
  /** Something was written into a chunk that was given to be read. */
  readonly inputWritten: boolean;
  /** After the wipe: memory that nothing was written into can be seen through `buffer` of a piece. */
  readonly unwrittenSeen: boolean;
}

/** Seals chunks, with flushes among them, to the end. Every chunk is overwritten as soon as it was taken. */
export function runSealer(
  cipher: FrameCipher,
  layout: FrameLayout,
  steps: readonly (Uint8Array | typeof FLUSH)[],
  bounds?: FrameBounds,
): Outcome {
  return run((emit) => new FrameSealer(cipher, layout, emit, bounds), steps);
}

/** Opens chunks to the end. Every chunk is overwritten as soon as it was taken. */
export function runOpener(
  cipher: FrameCipher,
  layout: FrameLayout,
  chunks: readonly Uint8Array[],
  bounds?: FrameBounds,
): Outcome {
  return run((emit) => new FrameOpener(cipher, layout, emit, bounds), chunks);
}

interface Engine {
  readonly frames: number;
  write(chunk: Uint8Array): void;
  flush?(): void;
  finish(): void;
  wipe(): void;
}

/** What unwritten memory holds here: bytes of whoever had it before. */
const STALE = 0xd7;

function run(
  start: (emit: (bytes: Uint8Array) => void) => Engine,
  steps: readonly (Uint8Array | typeof FLUSH)[],
): Outcome {
  const allocate = Buffer.allocUnsafeSlow;
  Buffer.allocUnsafeSlow = (size) => allocate(size).fill(STALE);
  try {
    return runOver(start, steps);
  } finally {
    Buffer.allocUnsafeSlow = allocate;
  }
}

function runOver(
  start: (emit: (bytes: Uint8Array) => void) => Engine,
  steps: readonly (Uint8Array | typeof FLUSH)[],
): Outcome {
  const pieces: Uint8Array[] = [];
  const digests: string[] = [];
  const engine = start((bytes) => {
    pieces.push(bytes);
    digests.push(digest(bytes));
  });
  let inputWritten = false;
  let error: { code?: string; atEnd?: boolean } | undefined;
  try {
    for (const step of steps) {
      if (step === FLUSH) {
        engine.flush!();
        continue;
      }
      const chunk = Buffer.from(step);
      engine.write(chunk);
      inputWritten ||= !chunk.equals(step);
      chunk.fill(0x5c);
    }
    engine.finish();
  } catch (thrown) {
    error = thrown as { code?: string; atEnd?: boolean };
    if (error.code === undefined) throw thrown;
  }
  const { frames } = engine;
  engine.wipe();
  return {
    pieces,
    bytes: Buffer.concat(pieces),
    frames,
    code: error?.code,
    atEnd: error?.atEnd ?? false,
    rewritten: pieces.some((piece, i) => digest(piece) !== digests[i]),
    inputWritten,
    unwrittenSeen: [...new Set(pieces.map(({ buffer }) => buffer))].some(
      (buffer) => !isZero(besides(buffer, pieces)),
    ),
  };
}

/** The bytes of a buffer that belong to no piece. */
function besides(buffer: ArrayBufferLike, pieces: readonly Uint8Array[]): Uint8Array {
  const rest = Buffer.from(Buffer.from(buffer));
  for (const piece of pieces)
    if (piece.buffer === buffer) rest.fill(0, piece.byteOffset, piece.byteOffset + piece.length);
  return rest;
}

/** The bytes, cut at random places; some of the chunks may be empty. */
export function splits(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

/** The bytes in chunks of `size`, of which the first has `first`. */
export function chunksOf(bytes: Uint8Array, size: number, first = size): Uint8Array[] {
  const chunks = [bytes.subarray(0, first)];
  for (let at = first; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return chunks;
}

export const singles = (bytes: Uint8Array): Uint8Array[] =>
  Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));

export const someCuts = fc.array(fc.nat(), { maxLength: 10 });

/** Bytes that differ from place to place. */
export function patterned(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = i * 167 + (i >> 8) * 13;
  return bytes;
}

function digest(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}
