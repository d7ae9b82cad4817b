import type { FileHandle } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { WRITE_BUFFER } from '../output.js';

/** A file that is written by its handle or by a stream over it. */
export interface Closable {
  /** Created by the first call. */
  stream(): Writable;
  /** Waits until the system has closed the file. @throws (rejects) the error of closing the handle */
  close(): Promise<void>;
}

export function closable(handle: FileHandle): Closable {
  let stream: Writable | undefined;
  return {
    stream: () => (stream ??= handle.createWriteStream({ autoClose: false, highWaterMark: WRITE_BUFFER })),
    close: () => (stream === undefined ? handle.close() : closed(stream)),
  };
}

/** Destroys a stream, and waits until no write is in progress. Never rejects. */
export function closed(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) return resolve();
    stream.on('error', () => undefined).once('close', resolve);
    stream.destroy();
  });
}
