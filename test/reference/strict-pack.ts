import { looseArray, looseBin, looseMap, looseStr, looseUint } from './loose-pack.js';

/*
 * FORMAT 2's subset of MessagePack by another way: a section is legal if and only if it is what its own meaning is
 * packed to in the shortest form. Slow, and only for whole sections.
 */

const MOST_OPEN = 4;

/** Whether the bytes are one map, legal in all its parts. */
export function isLegalSection(bytes: Uint8Array): boolean {
  try {
    const reader = { bytes: Buffer.from(bytes), at: 0 };
    const again = repack(reader, 0, true);
    return reader.at === bytes.length && again.equals(bytes);
  } catch {
    return false;
  }
}

interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

/** Reads a value in any form, and packs it anew in the shortest. Throws where it is not of a legal type or content. */
function repack(cursor: Cursor, open: number, mustBeMap = false): Buffer {
  const head = take(cursor, 1)[0]!;
  const isMap = (head & 0xf0) === 0x80 || head === 0xde || head === 0xdf;
  if (mustBeMap && !isMap) throw new Error('not a map');
  if (head < 0x80) return looseUint(head);
  if (isMap) return repackMap(cursor, open, counted(cursor, head, 0x80, 0xde));
  if ((head & 0xf0) === 0x90 || head === 0xdc || head === 0xdd) {
    if (open + 1 > MOST_OPEN) throw new Error('too deep');
    const count = counted(cursor, head, 0x90, 0xdc);
    return looseArray(Array.from({ length: count }, () => repack(cursor, open + 1)));
  }
  if ((head & 0xe0) === 0xa0) return repackText(take(cursor, head & 0x1f));
  if (head >= 0xd9 && head <= 0xdb) return repackText(take(cursor, number(cursor, 1 << (head - 0xd9))));
  if (head >= 0xc4 && head <= 0xc6) return looseBin(take(cursor, number(cursor, 1 << (head - 0xc4))));
  if (head >= 0xcc && head <= 0xcf) return looseUint(number(cursor, 1 << (head - 0xcc)));
  if (head === 0xc0 || head === 0xc2 || head === 0xc3) return Buffer.of(head);
  throw new Error('not a legal type');
}

function repackMap(cursor: Cursor, open: number, count: number): Buffer {
  if (open + 1 > MOST_OPEN) throw new Error('too deep');
  const keys = new Set<string>();
  const pairs = Array.from({ length: count }, () => {
    const start = cursor.at;
    const head = cursor.bytes[start] ?? 0;
    if ((head & 0xe0) !== 0xa0 && (head < 0xd9 || head > 0xdb)) throw new Error('a key that is no string');
    const key = repack(cursor, open + 1);
    if (keys.has(key.toString('hex'))) throw new Error('a key twice');
    keys.add(key.toString('hex'));
    return [key, repack(cursor, open + 1)] as const;
  });
  // The keys are packed already, and `looseMap` packs them: only its head is wanted.
  const head = looseMap(pairs.map(() => ['', Buffer.alloc(0)] as const));
  return Buffer.concat([head.subarray(0, head.length - count), ...pairs.flat()]);
}

function repackText(bytes: Buffer): Buffer {
  return looseStr(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
}

function counted(cursor: Cursor, head: number, fixed: number, sixteen: number): number {
  const count = (head & 0xf0) === fixed ? head & 0x0f : number(cursor, head === sixteen ? 2 : 4);
  if (count > cursor.bytes.length) throw new Error('more than there are bytes');
  return count;
}

function number(cursor: Cursor, width: number): number {
  const value = BigInt(`0x${take(cursor, width).toString('hex')}`);
  if (value > 2n ** 53n - 1n) throw new Error('too large');
  return Number(value);
}

function take(cursor: Cursor, length: number): Buffer {
  if (length > cursor.bytes.length - cursor.at) throw new Error('beyond the end');
  cursor.at += length;
  return cursor.bytes.subarray(cursor.at - length, cursor.at);
}
