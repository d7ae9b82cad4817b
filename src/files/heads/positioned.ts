import type { OpenFile } from '../../file-system.js';

/** Reads from a position until the memory is full or the file ends. @returns a view of the bytes read */
export async function readAt(file: OpenFile, memory: Uint8Array, position: number): Promise<Uint8Array> {
  let length = 0;
  while (length < memory.length) {
    const read = await file.read(memory.subarray(length), position + length);
    if (read === 0) break;
    length += read;
  }
  return memory.subarray(0, length);
}

/** Writes all of the bytes at a position. @throws the file's own error, or EIO of a file that takes nothing */
export async function writeAt(file: OpenFile, bytes: Uint8Array, position: number): Promise<void> {
  for (let taken = 0; taken < bytes.length; ) {
    const written = await file.write(bytes.subarray(taken), position + taken);
    if (written === 0) {
      throw Object.assign(new Error('EIO: nothing was taken, write'), { code: 'EIO', syscall: 'write' });
    }
    taken += written;
  }
}
