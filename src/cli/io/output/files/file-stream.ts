import { Writable } from 'node:stream';
import type { WritableFile } from '../../../../files/byte-file.js';
import { writeFull } from '../../../../files/byte-file.js';
import { WRITE_BUFFER } from '../output.js';

const never = new AbortController().signal;
const uncounted = () => undefined;

/**
 * A stream into a file, which it neither closes nor empties. When it has closed, no write is in progress.
 *
 * @param written called after each write, and awaited
 */
export function fileStream(file: WritableFile, written?: () => Promise<void>): Writable {
  let writing = Promise.resolve();
  const take = (views: readonly Uint8Array[], callback: (error?: Error | null) => void): void => {
    writing = writeFull(file, views, never, uncounted).then(written);
    writing.then(() => callback(), callback);
  };
  return new Writable({
    highWaterMark: WRITE_BUFFER,
    write: (chunk: Buffer, _encoding, callback) => take([chunk], callback),
    writev: (chunks, callback) =>
      take(
        chunks.map(({ chunk }) => chunk),
        callback,
      ),
    destroy: (error, callback) => {
      const settled = () => callback(error);
      writing.then(settled, settled);
    },
  });
}
