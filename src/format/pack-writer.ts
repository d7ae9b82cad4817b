import { Packr } from 'msgpackr/pack';

/** What a writer may pack: FORMAT 2, with maps as `Map` so that no key order or name is lost. */
export type Packable = string | number | true | null | Uint8Array | Packable[] | Map<string, Packable>;

const packr = new Packr({ useRecords: false, mapsAsObjects: false, variableMapSize: true });

/** Packs a map; integers must be below 2^32 (msgpackr writes floats from there on, which no reader accepts). */
export function pack(map: Map<string, Packable>): Uint8Array {
  // msgpackr answers with a view into an arena that it goes on using.
  return new Uint8Array(packr.pack(map));
}
