import type { Packr } from 'msgpackr/pack';
import { u32 } from '../bytes.js';
import { isBytes } from '../realms.js';

/** What a writer may pack: FORMAT 2, with maps as `Map` so that no key order or name is lost. */
export type Packable = string | number | true | null | Uint8Array | Packable[] | Map<string, Packable>;

const U32 = 2 ** 32;
const UINT_64 = 0xcf;
/** Heads of containers with up to 15 items, and of those with up to 65,535. */
const MAP = { short: 0x80, long: 0xde };
const ARRAY = { short: 0x90, long: 0xdc };

let packr: Packr | undefined;
let loading: Promise<void> | undefined;

/**
 * Loads the library that {@link pack} uses, which opening streams never needs. Sealing loads it while it waits for the
 * key. May be called repeatedly; its rejection is never unhandled.
 */
export function loadPackWriter(): Promise<void> {
  if (loading !== undefined) return loading;
  loading = (async () => {
    const { Packr } = await import('msgpackr/pack');
    packr = new Packr({ useRecords: false, mapsAsObjects: false, variableMapSize: true });
  })();
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}

/**
 * Packs a map. Call after {@link loadPackWriter}. Containers have at most 65,535 items, and integers are at most 2^53 -
 * 1.
 */
export function pack(map: Map<string, Packable>): Uint8Array {
  return new Uint8Array(Buffer.concat(packed(map)));
}

function packed(value: Packable): Uint8Array[] {
  if (value instanceof Map) return [mapHead(value.size), ...[...value].flat().flatMap(packed)];
  if (Array.isArray(value)) return [arrayHead(value.length), ...value.flatMap(packed)];
  // From 2^32 on, msgpackr writes floats, which no reader accepts.
  if (typeof value === 'number' && value >= U32) {
    return [Uint8Array.of(UINT_64), u32(Math.floor(value / U32)), u32(value % U32)];
  }
  // msgpackr recognises only bytes of its own realm, and returns a view of memory that it reuses.
  if (packr === undefined) throw new Error('Call loadPackWriter() first');
  return [new Uint8Array(packr.pack(isBytes(value) ? new Uint8Array(value) : value))];
}

/** The length of a packed value. */
export function packedSize(value: Packable): number {
  if (value instanceof Map) return headSize(value.size) + sizeOfAll([...value].flat());
  if (Array.isArray(value)) return headSize(value.length) + sizeOfAll(value);
  if (typeof value === 'number') return value < 0x80 ? 1 : 1 + sizeOfUint(value);
  if (typeof value === 'string') {
    const length = Buffer.byteLength(value);
    return length < 32 ? 1 + length : 1 + sizeOfUint(length) + length;
  }
  return isBytes(value) ? 1 + sizeOfUint(value.length) + value.length : 1;
}

function sizeOfAll(values: readonly Packable[]): number {
  return values.reduce<number>((sum, value) => sum + packedSize(value), 0);
}

function sizeOfUint(value: number): number {
  if (value <= 0xff) return 1;
  if (value <= 0xffff) return 2;
  return value < U32 ? 4 : 8;
}

function headSize(items: number): number {
  return items < 16 ? 1 : 3;
}

/** The beginning of a map of so many pairs. */
export function mapHead(pairs: number): Uint8Array {
  return head(MAP, pairs);
}

/** The beginning of an array of so many items. */
export function arrayHead(items: number): Uint8Array {
  return head(ARRAY, items);
}

function head({ short, long }: typeof MAP, size: number): Uint8Array {
  return size < 16 ? Uint8Array.of(short + size) : Uint8Array.of(long, size >>> 8, size);
}
