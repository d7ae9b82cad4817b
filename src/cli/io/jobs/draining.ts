import type { Duplex, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

const LOOK = 5;

/** Waits until everything that was written to a stream has come out and been written, or never will be. */
export async function drained(stream: Duplex, sink: Writable): Promise<void> {
  while (!stream.destroyed && !sink.destroyed && waiting(stream, sink) > 0) await pause(LOOK);
}

function waiting(stream: Duplex, sink: Writable): number {
  return stream.writableLength + stream.readableLength + sink.writableLength;
}
