import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { LogBatch } from '../../../../logs/index.js';

const ENDING = Buffer.of(0x0a);
/** Bytes written at once: writing each unit separately would cost as much as decompressing it. */
const LARGE = 262_144;

/** The printed form of batches: each line unchanged, followed by a newline. Empty batches give nothing. */
export async function* lineBytes(
  batches: AsyncIterable<LogBatch>,
  wanted: Buffer | undefined,
): AsyncGenerator<Buffer, void, void> {
  for await (const batch of batches) {
    if (wanted === undefined) yield batch.text;
    else if (batch.text.includes(wanted)) {
      const chosen = batch.lines.filter((line) => line.includes(wanted));
      if (chosen.length > 0) yield Buffer.concat(chosen.flatMap((line) => [line, ENDING]));
    }
  }
}

/**
 * Prints pieces. Lines read before a failure are correct, but failing the stream would drop those that wait to be
 * written. So they are written first, and then reading fails.
 *
 * @param atOnce whether each piece is written at once, for a following reader
 * @throws (rejects) the error of the pieces or the sink; an AbortError
 */
export async function printPieces(
  pieces: AsyncIterable<Buffer>,
  sink: Writable,
  { atOnce, signal }: { readonly atOnce: boolean; readonly signal: AbortSignal },
): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  async function* sound(): AsyncGenerator<Buffer, void, void> {
    try {
      yield* pieces;
    } catch (error) {
      failure = { error };
    }
  }
  await pipeline(atOnce ? sound() : inLargePieces(sound()), sink, { signal });
  if (failure !== undefined) throw failure.error;
}

async function* inLargePieces(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const piece of pieces) {
    held.push(piece);
    length += piece.length;
    if (length < LARGE) continue;
    yield held.length === 1 ? piece : Buffer.concat(held, length);
    held = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(held, length);
}
