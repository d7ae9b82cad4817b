const BYTE_ORDER_MARKS = ['efbbbf', 'fffe', 'feff'].map((hex) => Buffer.from(hex, 'hex'));

/**
 * The name of the encoding in which editors and shells of Windows may save ASCII text; undefined for anything else. 32
 * random bytes look like one of these with a probability of at most 2^-60.
 */
export function encodingOf(content: Buffer): string | undefined {
  const mark = BYTE_ORDER_MARKS.find((bytes) => content.subarray(0, bytes.length).equals(bytes));
  const text = content.subarray(mark?.length ?? 0);
  if (text.length === 0) return undefined;
  if (isUtf16(text)) return 'UTF-16';
  return mark !== undefined && text.every(isTextByte) ? 'UTF-8 with a byte order mark' : undefined;
}

/** Pairs of a zero byte and one of text, in either order. */
function isUtf16(text: Buffer): boolean {
  if (text.length % 2 !== 0) return false;
  return [0, 1].some((half) => text.every((byte, at) => (at % 2 === half ? isTextByte(byte) : byte === 0)));
}

function isTextByte(byte: number): boolean {
  return (byte >= 0x20 && byte <= 0x7e) || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
