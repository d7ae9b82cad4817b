import { Packr } from 'msgpackr/pack';
import { u32 } from '../bytes.js';
import { isBytes } from '../realms.js';

/** What a writer may pack: FORMAT 2, with maps as `Map` so that no key order or name is lost. */
export type Packable = string | number | true | null | Uint8Array | Packable[] | Map<string, Packable>;

const U32 = 2 ** 32;
const UINT_64 = 0xcf;
/** Heads of containers with up to 15 items, and of those with up to 65,535. */
const MAP = { short: 0x80, long: 0xde };
const ARRAY = { short: 0x90, long: 0xdc };

const packr = new Packr({ useRecords: false, mapsAsObjects: false, variableMapSize: true });

/** Packs a map; containers have at most 65,535 items, and integers are at most 2^53 - 1. */
export function pack(map: Map<string, Packable>): Uint8Array {
  return new Uint8Array(Buffer.concat(packed(map)));
}

function packed(value: Packable): Uint8Array[] {
  if (value instanceof Map) return [head(MAP, value.size), ...[...value].flat().flatMap(packed)];
  if (Array.isArray(value)) return [head(ARRAY, value.length), ...value.flatMap(packed)];
  // msgpackr writes floats from 2^32 on, which no reader accepts.
  if (typeof value === 'number' && value >= U32) {
    return [Uint8Array.of(UINT_64), u32(Math.floor(value / U32)), u32(value % U32)];
  }
  // msgpackr knows the bytes of its own realm only, and answers with a view into an arena that it goes on using.
  return [new Uint8Array(packr.pack(isBytes(value) ? new Uint8Array(value) : value))];
}

function head({ short, long }: typeof MAP, size: number): Uint8Array {
  return size < 16 ? Uint8Array.of(short + size) : Uint8Array.of(long, size >>> 8, size);
}
