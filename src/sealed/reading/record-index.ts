import type { RecordPlace } from '../../frames/openers/record-opener.js';

/** The maximum number of places that are kept. */
const MOST_PLACES = 65_536;

/** Places in a record stream up to which every frame has verified. Its memory does not grow with the stream. */
export class RecordIndex {
  readonly #most: number;
  #places: RecordPlace[];
  /** One in this many places is kept. */
  #stride = 1;
  #came = 0;
  #furthest: RecordPlace;

  constructor(first: RecordPlace, most = MOST_PLACES) {
    this.#places = [first];
    this.#furthest = first;
    this.#most = most;
  }

  /** The place up to which every frame has verified. */
  get furthest(): RecordPlace {
    return this.#furthest;
  }

  get size(): number {
    return this.#places.length;
  }

  /** Adds a place if it is beyond the furthest one. */
  add(place: RecordPlace): void {
    if (place.offset <= this.#furthest.offset) return;
    this.#furthest = place;
    this.#came += 1;
    if (this.#came % this.#stride !== 0) return;
    this.#places.push(place);
    if (this.#places.length < this.#most) return;
    this.#places = this.#places.filter((_, i) => i % 2 === 0);
    this.#stride *= 2;
  }

  /** The nearest place that has no more than `plaintext` bytes of plaintext before it. */
  before(plaintext: number): RecordPlace {
    if (this.#furthest.plaintext <= plaintext) return this.#furthest;
    let low = 0;
    let high = this.#places.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#places[middle]!.plaintext <= plaintext) low = middle;
      else high = middle - 1;
    }
    return this.#places[low]!;
  }
}
