/*
 * A MessagePack writer that writes whatever it is told, legal or not, in any width: what a stranger may send.
 * Written from the MessagePack specification, and sharing nothing with the one under test.
 */

/** The bytes of a hex literal; blanks are for people. */
export function hex(literal: string): Buffer {
  const digits = literal.replaceAll(' ', '');
  const bytes = Buffer.from(digits, 'hex');
  if (bytes.length * 2 !== digits.length) throw new Error(`${literal} is not hex`);
  return bytes;
}

/** An unsigned integer in `width` bytes after its head (0: a positive fixint); in its shortest form unless told. */
export function looseUint(value: number, width = shortest(value, [0x80, 0x100, 0x10000, 2 ** 32])): Buffer {
  return width === 0 ? Buffer.of(value) : headed(0xcc + Math.log2(width), value, width);
}

/** A string of a text, or of any bytes. */
export function looseStr(
  content: string | Uint8Array,
  width = shortest(lengthOf(content), [0x20, 0x100, 0x10000]),
): Buffer {
  const length = lengthOf(content);
  const head = width === 0 ? Buffer.of(0xa0 | length) : headed(0xd9 + Math.log2(width), length, width);
  return Buffer.concat([head, Buffer.from(content as Uint8Array)]);
}

export function looseBin(content: Uint8Array, width = shortest(content.length, [0, 0x100, 0x10000])): Buffer {
  return Buffer.concat([headed(0xc4 + Math.log2(width), content.length, width), content]);
}

export function looseArray(
  items: readonly Uint8Array[],
  width = shortest(items.length, [0x10, 0, 0x10000]),
): Buffer {
  const head =
    width === 0 ? Buffer.of(0x90 | items.length) : headed(width === 2 ? 0xdc : 0xdd, items.length, width);
  return Buffer.concat([head, ...items]);
}

/** A map of keys, as they are, to values that are packed already. */
export function looseMap(
  pairs: readonly (readonly [key: string | Uint8Array, value: Uint8Array])[],
  width = shortest(pairs.length, [0x10, 0, 0x10000]),
): Buffer {
  const head =
    width === 0 ? Buffer.of(0x80 | pairs.length) : headed(width === 2 ? 0xde : 0xdf, pairs.length, width);
  return Buffer.concat([head, ...pairs.flatMap(([key, value]) => [looseStr(key), value])]);
}

/** The first of the widths 0, 1, 2, 4, 8 whose bound is above `value`. */
function shortest(value: number, bounds: readonly number[]): number {
  const at = bounds.findIndex((bound) => value < bound);
  return [0, 1, 2, 4, 8][at === -1 ? bounds.length : at]!;
}

function headed(head: number, value: number, width: number): Buffer {
  const bytes = Buffer.alloc(1 + width);
  bytes[0] = head;
  bytes.set(
    hex(
      BigInt(value)
        .toString(16)
        .padStart(width * 2, '0'),
    ),
    1,
  );
  return bytes;
}

function lengthOf(content: string | Uint8Array): number {
  return typeof content === 'string' ? Buffer.byteLength(content) : content.length;
}
