import { Writable } from 'node:stream';
import { writeFull } from '../../../files/byte-file.js';
import { descriptorFile } from '../../../files/descriptor-file.js';
import { WRITE_BUFFER } from './output.js';

/** Writes to a descriptor of any kind, and leaves it open. */
export function descriptorStream(fd: number): Writable {
  const file = descriptorFile(fd);
  const destroyed = new AbortController();
  const put = (views: readonly Uint8Array[], callback: (error?: Error | null) => void) =>
    void writeFull(file, views, destroyed.signal, () => undefined).then(() => callback(), callback);
  return new Writable({
    highWaterMark: WRITE_BUFFER,
    write: (chunk: Buffer, _encoding, callback) => put([chunk], callback),
    writev: (chunks, callback) =>
      put(
        chunks.map(({ chunk }) => chunk as Buffer),
        callback,
      ),
    destroy: (error, callback) => {
      destroyed.abort();
      callback(error);
    },
  });
}
