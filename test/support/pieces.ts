/** Cuts bytes at the given places, which may be in any order, double or out of reach. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const cuts = [...new Set([0, ...places, bytes.length])].filter((at) => at >= 0 && at <= bytes.length);
  cuts.sort((a, b) => a - b);
  return cuts.slice(1).map((end, i) => bytes.subarray(cuts[i]!, end));
}

/** Cuts bytes into pieces of `size`. */
export function piecesOf(bytes: Uint8Array, size: number): Uint8Array[] {
  return cutAt(
    bytes,
    Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => (i + 1) * size),
  );
}

/** Bytes that repeat only after 251, so that a shifted or swapped block shows. */
export function patterned(size: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(size);
  for (let i = 0; i < Math.min(size, 251 * 64); i++) bytes[i] = (i * 7 + (i >> 8)) % 251;
  for (let done = 251 * 64; done < size; done *= 2) bytes.copy(bytes, done, 0, Math.min(done, size - done));
  return bytes;
}
