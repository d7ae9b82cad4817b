import type { HeldSource } from './held-source.js';

/** The bytes from `start` to `end` in pieces of `size`, with one piece read ahead. */
export async function* piecesOf(
  source: HeldSource,
  start: number,
  end: number,
  size: number,
  stop: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  let position = start;
  const readOn = (): Promise<Uint8Array> | undefined => {
    if (position >= end) return undefined;
    const from = position;
    position = Math.min(end, from + size);
    const piece = source.read(from, position, stop);
    piece.catch(() => undefined);
    return piece;
  };
  let ahead = readOn();
  try {
    while (ahead !== undefined) {
      const piece = await ahead;
      ahead = readOn();
      yield piece;
    }
  } finally {
    await ahead?.catch(() => undefined);
  }
}
