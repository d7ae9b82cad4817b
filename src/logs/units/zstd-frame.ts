/*
 * Finds the end of a zstd frame (RFC 8878, 3.1.1). Decoders treat further frames differently: some stop after the first
 * one, others join them, and none reports it.
 */
const MAGIC_SIZE = 4;
const CHECKSUM_SIZE = 4;
const BLOCK_HEAD_SIZE = 3;
/** Sizes of the dictionary id and of the content size, by the flags in the descriptor. */
const DICTIONARY_ID_SIZES = [0, 1, 2, 4] as const;
const CONTENT_SIZES = [0, 2, 4, 8] as const;
/** A block of one byte, repeated. */
const RLE = 1;
const RESERVED = 3;

/**
 * The length of the frame at the beginning of `bytes`, whose magic number has been checked.
 *
 * @returns undefined if it does not end within `bytes` or is malformed
 */
export function zstdFrameSize(bytes: Uint8Array): number | undefined {
  const descriptor = bytes[MAGIC_SIZE];
  if (descriptor === undefined) return undefined;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const contentFlag = descriptor >> 6;
  let at =
    MAGIC_SIZE +
    1 +
    (isSingleSegment ? 0 : 1) +
    DICTIONARY_ID_SIZES[(descriptor & 3) as 0 | 1 | 2 | 3] +
    (contentFlag === 0 && isSingleSegment ? 1 : CONTENT_SIZES[contentFlag as 0 | 1 | 2 | 3]);
  for (let isLast = false; !isLast; ) {
    if (at + BLOCK_HEAD_SIZE > bytes.length) return undefined;
    const head = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
    const type = (head >> 1) & 3;
    if (type === RESERVED) return undefined;
    isLast = (head & 1) === 1;
    at += BLOCK_HEAD_SIZE + (type === RLE ? 1 : head >> 3);
  }
  if ((descriptor & 0x04) !== 0) at += CHECKSUM_SIZE;
  return at <= bytes.length ? at : undefined;
}
