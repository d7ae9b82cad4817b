/** One byte, again and again. */
export interface ByteRun {
  readonly byte: number;
  readonly times: number;
}

/** Bytes in a file: base64, or a list of base64 and of runs of one byte. */
export type JsonBytes = string | readonly (string | ByteRun)[];

/** Shorter runs are not told apart from other bytes. */
const LEAST_RUN = 64;

export function encodeBytes(bytes: Uint8Array): JsonBytes {
  const parts: (string | ByteRun)[] = [];
  let start = 0;
  const plain = (end: number): void => {
    if (end > start) parts.push(Buffer.from(bytes.subarray(start, end)).toString('base64'));
  };
  for (let at = 0; at < bytes.length; ) {
    let end = at + 1;
    while (end < bytes.length && bytes[end] === bytes[at]) end += 1;
    if (end - at >= LEAST_RUN) {
      plain(at);
      parts.push({ byte: bytes[at]!, times: end - at });
      start = end;
    }
    at = end;
  }
  plain(bytes.length);
  const [first = ''] = parts;
  return parts.length < 2 && typeof first === 'string' ? first : parts;
}

export function decodeBytes(json: JsonBytes): Buffer {
  if (typeof json === 'string') return Buffer.from(json, 'base64');
  return Buffer.concat(
    json.map((part) =>
      typeof part === 'string' ? Buffer.from(part, 'base64') : Buffer.alloc(part.times, part.byte),
    ),
  );
}
