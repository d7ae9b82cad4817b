/** Whether every byte is zero. Large buffers are compared at once: a callback a byte takes a hundred times as long. */
export function isZero(bytes: Uint8Array): boolean {
  return Buffer.compare(bytes, Buffer.alloc(bytes.length)) === 0;
}
