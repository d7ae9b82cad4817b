/** Reads an unsigned big-endian 32-bit integer. */
export function readU32(bytes: Uint8Array, offset: number): number {
  return (
    bytes[offset]! * 0x1000000 + ((bytes[offset + 1]! << 16) | (bytes[offset + 2]! << 8) | bytes[offset + 3]!)
  );
}

/** Writes an unsigned big-endian 32-bit integer. */
export function writeU32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 24;
  bytes[offset + 1] = value >>> 16;
  bytes[offset + 2] = value >>> 8;
  bytes[offset + 3] = value;
}

/** `value` as four big-endian bytes. */
export function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  writeU32(bytes, 0, value);
  return bytes;
}

/** The same memory as a Buffer, without a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Zeros in memory that never moves, which secrets need. V8 keeps an array of up to 64 bytes in its own heap. When
 * native code or `.buffer` asks for its address, V8 moves it out and leaves the old copy behind, where no wipe reaches
 * it. An ArrayBuffer lies outside the heap from the start.
 */
export function ownMemory(length: number): Buffer {
  return Buffer.from(new ArrayBuffer(length));
}

/** A copy in its own memory, like that of `ownMemory`. */
export function copyOf(bytes: Uint8Array): Buffer {
  const copy = ownMemory(bytes.length);
  copy.set(bytes);
  return copy;
}

/** The bytes from `start` to `end`, without a copy; returns the same view if that is all of them. */
export function viewOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end);
}

/** The views without their first `count` bytes. The result does not begin with an empty view. */
export function viewsBeyond(views: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let skipped = 0;
  let left = count;
  while (skipped < views.length && left >= views[skipped]!.length) left -= views[skipped++]!.length;
  if (left === 0) return skipped === 0 ? views : views.slice(skipped);
  return skipped === views.length ? [] : [views[skipped]!.subarray(left), ...views.slice(skipped + 1)];
}

/** Orders by unsigned bytes; a prefix comes first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b);
}

/** Whether two byte strings are equal. Not for secrets: its time depends on where they differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

/** An empty byte string. */
export const NOTHING = new Uint8Array(0);

/**
 * Gathers pieces of bytes into contiguous memory, which doubles as bytes arrive and is never sized from an announced
 * length. Appending n bytes one by one costs O(n).
 */
export class ByteGatherer {
  #memory: Uint8Array = NOTHING;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A view of the gathered bytes, valid until the next change. */
  get bytes(): Uint8Array {
    return this.#length === 0 ? NOTHING : this.#memory.subarray(0, this.#length);
  }

  /** Appends `source[start, end)`; `most` is the maximum total length. */
  append(source: Uint8Array, start: number, end: number, most: number): void {
    const length = this.#length + (end - start);
    if (length > this.#memory.length) {
      // Unwritten memory is never exposed: `bytes` ends at `#length`.
      const memory = Buffer.allocUnsafeSlow(Math.min(Math.max(length, 2 * this.#memory.length, 256), most));
      memory.set(this.bytes);
      this.#memory.fill(0);
      this.#memory = memory;
    }
    this.#memory.set(viewOf(source, start, end), this.#length);
    this.#length = length;
  }

  /** Drops the gathered bytes and keeps the memory. */
  clear(): void {
    this.#length = 0;
  }

  /** Overwrites and releases the memory. */
  wipe(): void {
    this.#memory.fill(0);
    this.#memory = NOTHING;
    this.#length = 0;
  }
}

/** Overwrites secrets with zeros. Every secret is wiped as soon as it is no longer needed, and on every error path. */
export function wipe(...secrets: (Uint8Array | undefined)[]): void {
  for (const secret of secrets) secret?.fill(0);
}
