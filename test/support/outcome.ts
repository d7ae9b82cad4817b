import type { Readable, Writable } from 'node:stream';

/** How a stream ended: what it gave until then, and its error. */
export interface Outcome {
  readonly bytes: Buffer;
  readonly error: (Error & { readonly code?: string; readonly hint?: string }) | undefined;
  /** Whether `end` was emitted: the reader took the stream for a whole one. */
  readonly ended: boolean;
}

/** Reads a stream until it is closed, whichever way. */
export function outcome(stream: Readable): Promise<Outcome> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let error: Outcome['error'];
    let ended = false;
    stream.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    stream.on('end', () => {
      ended = true;
    });
    stream.on('error', (cause) => {
      error = cause;
    });
    stream.on('close', () => resolve({ bytes: Buffer.concat(chunks), error, ended }));
  });
}

/** Writes `pieces` with no regard for back-pressure, ends the stream, and reads it until it is closed. */
export function outcomeOf(stream: Readable & Writable, ...pieces: readonly Uint8Array[]): Promise<Outcome> {
  const over = outcome(stream);
  for (const piece of pieces) stream.write(piece);
  stream.end();
  return over;
}

/**
 * Milliseconds within which something ends that does not wait for what never comes. It takes a few of them, but a busy
 * machine may stand still for seconds.
 */
export const PROMPTLY = 30_000;

/** Milliseconds until a stream is closed. */
export async function timeToClose(stream: Readable): Promise<number> {
  const since = performance.now();
  if (!stream.closed) await new Promise((resolve) => stream.once('close', resolve));
  return performance.now() - since;
}
