import { isUtf8 } from 'node:buffer';
import { asBuffer } from '../bytes.js';
import { MAX_OPEN_CONTAINERS, MAX_UINT } from '../limits.js';
import { malformed } from './malformed.js';

/** The reader of a field, and whether the field is required. */
export interface Field<T> {
  readonly required: boolean;
  readonly read: (reader: PackReader) => T;
}

/** The known fields of a map. */
export type Fields<T> = { readonly [K in keyof T]-?: Field<Exclude<T[K], undefined>> };

/** A rule for the content of a string or binary, whose last `missing` bytes may not have arrived yet. */
export type ContentRule = (content: Uint8Array, missing: number) => boolean;

/** Thrown, inside `format` only, if the bytes end and everything before is legal. */
class Incomplete {}
const INCOMPLETE = new Incomplete();

/**
 * Reads the MessagePack subset of FORMAT 2, strictly: shortest encodings, no ext, float, negative integer or duplicate
 * key, strict UTF-8, four containers at most, no length beyond the remaining bytes. Nothing is allocated from a
 * declared length alone.
 *
 * The section may be incomplete: a value that cannot become legal is refused at the first byte that shows this.
 */
export class PackReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #position = 0;
  #depth = 0;

  private constructor(bytes: Uint8Array, declaredLength: number) {
    this.#bytes = bytes;
    this.#end = declaredLength;
  }

  /**
   * Reads one section, which must be exactly one value.
   *
   * @param bytes the section, or its first bytes
   * @param declaredLength its length in the prologue
   * @returns undefined if `bytes` is only a legal prefix
   * @throws SealpipeError `ERR_SEALPIPE_FORMAT`
   */
  static read<T>(bytes: Uint8Array, declaredLength: number, read: (reader: PackReader) => T): T | undefined {
    const reader = new PackReader(bytes, declaredLength);
    try {
      const value = read(reader);
      if (reader.#position === declaredLength) return value;
      if (reader.#position < bytes.length) throw malformed('bytes follow the end of a map');
      return undefined;
    } catch (error) {
      if (error === INCOMPLETE) return undefined;
      throw error;
    }
  }

  /** The position of the next token. */
  get position(): number {
    return this.#position;
  }

  /** A view of the bytes read since `start`. */
  since(start: number): Uint8Array {
    return this.#bytes.subarray(start, this.#position);
  }

  /** Reads nil if it is next. */
  nil(): boolean {
    if (this.#peek() !== 0xc0) return false;
    this.#position += 1;
    return true;
  }

  uint(): number {
    const head = this.#head();
    if (head < 0x80) return head;
    if (head < 0xcc || head > 0xcf) throw malformed('a value is not an unsigned integer');
    const width = 1 << (head - 0xcc);
    return this.#number(width, width === 1 ? 0x80 : 2 ** (width * 4), MAX_UINT);
  }

  /** Reads `true`; `false` is not legal here. */
  true(): true {
    if (this.#head() !== 0xc3) throw malformed('a flag is not true');
    return true;
  }

  /** Reads a string of `min` to `max` bytes and returns its bytes, a view. */
  strBytes(min = 0, max = MAX_UINT, rule?: ContentRule): Uint8Array {
    const head = this.#head();
    if ((head & 0xe0) === 0xa0) return this.#content(head & 0x1f, min, max, isText, rule);
    if (head < 0xd9 || head > 0xdb) throw malformed('a value is not a string');
    const width = 1 << (head - 0xd9);
    const length = this.#number(width, width === 1 ? 0x20 : 2 ** (width * 4), this.#most(width, min, max));
    return this.#content(length, min, max, isText, rule);
  }

  str(min?: number, max?: number, rule?: ContentRule): string {
    return text(this.strBytes(min, max, rule));
  }

  /** Reads a binary of `min` to `max` bytes, a view. */
  bin(min = 0, max = MAX_UINT, rule?: ContentRule): Uint8Array {
    const head = this.#head();
    if (head < 0xc4 || head > 0xc6) throw malformed('a value is not binary');
    const width = 1 << (head - 0xc4);
    const length = this.#number(width, width === 1 ? 0 : 2 ** (width * 4), this.#most(width, min, max));
    return this.#content(length, min, max, rule);
  }

  /** Reads an array of `min` to `max` items. */
  array<T>(min: number, max: number, read: (reader: PackReader) => T): T[] {
    const count = this.#count(0x90, 0xdc, 1, max);
    if (count < min) throw malformed(`an array has ${count} items`);
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(read(this));
    this.#depth -= 1;
    return items;
  }

  /** Reads the head of a map: how many pairs the caller reads before it calls `endMap`. */
  mapSize(): number {
    return this.#count(0x80, 0xde, 2, MAX_UINT);
  }

  endMap(): void {
    this.#depth -= 1;
  }

  /** Reads a map with known fields. Unknown fields must be legal, and are skipped. */
  map<T extends object>(fields: Fields<T>): T {
    let size = this.mapSize();
    let missing = Object.values<Field<unknown>>(fields).filter((field) => field.required).length;
    const seen = new Set<string>();
    const result: Partial<Record<string, unknown>> = Object.create(null);
    if (size < missing) throw malformed('a required field is missing');
    for (; size > 0; size--) {
      const key = asBuffer(this.strBytes()).toString('latin1');
      if (seen.has(key)) throw malformed('a map has a key twice');
      seen.add(key);
      const field = Object.hasOwn(fields, key) ? (fields[key as keyof T] as Field<unknown>) : undefined;
      if (field?.required) missing -= 1;
      if (size <= missing) throw malformed('a required field is missing');
      if (field === undefined) this.skip();
      else result[key] = field.read(this);
    }
    this.endMap();
    return result as T;
  }

  /** Skips one legal value of any kind. */
  skip(): void {
    const head = this.#peek();
    if (head < 0x80 || (head >= 0xcc && head <= 0xcf)) this.uint();
    else if (head < 0x90 || head === 0xde || head === 0xdf) this.map({});
    else if (head < 0xa0 || head === 0xdc || head === 0xdd) this.array(0, MAX_UINT, () => this.skip());
    else if (head < 0xc0 || (head >= 0xd9 && head <= 0xdb)) this.strBytes();
    else if (head >= 0xc4 && head <= 0xc6) this.bin();
    else if (head === 0xc0 || head === 0xc2 || head === 0xc3) this.#position += 1;
    else throw malformed('a value is of a type that is not allowed');
  }

  #peek(): number {
    if (this.#position >= this.#end) throw malformed('a map does not end within its section');
    const head = this.#bytes[this.#position];
    if (head === undefined) throw INCOMPLETE;
    return head;
  }

  #head(): number {
    const head = this.#peek();
    this.#position += 1;
    return head;
  }

  /** Bytes of the section after a length field of `width` bytes. */
  #left(width = 0): number {
    return this.#end - this.#position - width;
  }

  /** The longest content of `min` to `max` bytes that fits behind a length field of `width` bytes. */
  #most(width: number, min: number, max: number): number {
    const most = Math.min(max, this.#left(width));
    if (most < min) throw malformed('a length is beyond the bytes that are left');
    return most;
  }

  /** Reads `width` bytes as a number from `min` (else there was a shorter encoding) to `max`. */
  #number(width: number, min: number, max: number): number {
    let low = 0;
    let high = 0;
    for (let i = 0; i < width; i++) {
      const byte = this.#bytes[this.#position + i];
      low = low * 256 + (byte ?? 0);
      high = high * 256 + (byte ?? 255);
    }
    if (this.#left(width) < 0 || Math.max(low, min) > max) throw malformed('a number or length is too large');
    if (high < min) throw malformed('a number or length is not in its shortest encoding');
    if (this.#position + width > this.#bytes.length) throw INCOMPLETE;
    this.#position += width;
    return low;
  }

  #count(fixed: number, sixteen: number, perItem: number, max: number): number {
    const head = this.#head();
    const most = (width: number) => Math.min(max, Math.floor(this.#left(width) / perItem));
    let count: number;
    if ((head & 0xf0) === fixed) count = head & 0x0f;
    else if (head === sixteen) count = this.#number(2, 0x10, most(2));
    else if (head === sixteen + 1) count = this.#number(4, 0x10000, most(4));
    else throw malformed(perItem === 2 ? 'a value is not a map' : 'a value is not an array');
    if (count > most(0)) throw malformed('an array or a map has too many items');
    if (++this.#depth > MAX_OPEN_CONTAINERS) throw malformed('containers are nested too deeply');
    return count;
  }

  #content(length: number, min: number, max: number, ...rules: (ContentRule | undefined)[]): Uint8Array {
    if (length > this.#left()) throw malformed('a length is beyond the bytes that are left');
    if (length < min || length > max) throw malformed(`a value has an illegal length of ${length} bytes`);
    const content = this.#bytes.subarray(this.#position, this.#position + length);
    for (const rule of rules) {
      if (rule !== undefined && !rule(content, length - content.length)) {
        throw malformed('a value has illegal content');
      }
    }
    if (content.length < length) throw INCOMPLETE;
    this.#position += length;
    return content;
  }
}

/** Decodes UTF-8 that has been checked. A leading U+FEFF stays (a TextDecoder would drop it). */
export function text(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('utf8');
}

/** Whether bytes are strict UTF-8, or can become it with `missing` more bytes. */
function isText(bytes: Uint8Array, missing: number): boolean {
  if (isUtf8(bytes)) return true;
  // Only the last character can be incomplete. Filling it up shows whether it can begin like this.
  const start = bytes.findLastIndex((byte) => byte >= 0xc0);
  const lead = bytes[start] ?? 0;
  const last = Buffer.alloc(
    lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4,
    lead === 0xe0 || lead === 0xf0 ? 0xa0 : 0x80,
  );
  const there = bytes.length - start;
  if (start < 0 || there >= last.length || there + missing < last.length) return false;
  last.set(bytes.subarray(start));
  return isUtf8(last) && isUtf8(bytes.subarray(0, start));
}
