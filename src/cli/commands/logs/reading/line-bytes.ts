import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { LogBatch } from '../../../../logs/index.js';

const ENDING = Buffer.of(0x0a);
/** Bytes that are written at once: a write of each unit would cost as much as its decompression. */
const LARGE = 262_144;

/** The lines of batches as they are printed: each as it came, with a newline behind it. Batches without any give nothing. */
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
 * Prints pieces. A stream that fails takes with it what waits to be written; what was read before is right. So it is
 * written first, and then the reading fails.
 *
 * @param atOnce each piece is written by itself: somebody waits for it
 * @throws (rejects) what the pieces or the sink fail with; an AbortError
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
