/** Memory that loses its bytes, in every way in which JavaScript lets it. */
export interface Shrinking {
  readonly way: string;
  /** A chunk with the given bytes. */
  make(bytes: Uint8Array): Buffer;
  /** Takes the memory away from the chunk, or most of it. */
  shrink(chunk: Buffer): void;
}

type Resizable = ArrayBuffer & { resize(length: number): void };
const ResizableBuffer = ArrayBuffer as unknown as new (
  length: number,
  options: { maxByteLength: number },
) => Resizable;

function resizable(bytes: Uint8Array): Resizable {
  const memory = new ResizableBuffer(bytes.length, { maxByteLength: bytes.length });
  new Uint8Array(memory).set(bytes);
  return memory;
}

/** The ways: transferred to somebody else; resized under a view of fixed length, and under one that follows. */
export const SHRINKING: readonly Shrinking[] = [
  {
    way: 'transferred',
    make: (bytes) => Buffer.from(new Uint8Array(bytes).buffer),
    shrink: ({ buffer }) => void structuredClone(buffer, { transfer: [buffer as ArrayBuffer] }),
  },
  {
    way: 'resized',
    make: (bytes) => Buffer.from(resizable(bytes)),
    shrink: ({ buffer }) => (buffer as Resizable).resize(buffer.byteLength >> 1),
  },
  {
    way: 'resized under a view that follows',
    make: (bytes) => Object.setPrototypeOf(new Uint8Array(resizable(bytes)), Buffer.prototype),
    shrink: ({ buffer }) => (buffer as Resizable).resize(buffer.byteLength >> 1),
  },
];
