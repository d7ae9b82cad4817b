import type { Cut, Vector } from './form.js';
import { sha256Hex } from './form.js';
import { verdictOf } from './replay.js';

/** Every length of a stream below its own, with its line of the table. */
export function* lengthsOf({ cuts }: Vector): Generator<readonly [number, Cut]> {
  for (const cut of cuts) for (let length = cut.from; length <= cut.to; length++) yield [length, cut];
}

/** The lengths at which something can change, and some between. */
export function* tellingLengths(vector: Vector): Generator<readonly [number, Cut]> {
  for (const [length, cut] of lengthsOf(vector)) {
    if (length - cut.from < 40 || cut.to - length < 40 || length % 97 === 0) yield [length, cut];
  }
}

/** In the words of `said`; `plaintext` is that of the whole stream. */
export function wantedOf({ expect, atEnd }: Cut, releasedBytes: number, plaintext: Uint8Array): string {
  const digest = sha256Hex(plaintext.subarray(0, releasedBytes));
  return `${verdictOf(expect, atEnd)}, ${releasedBytes} bytes ${digest}`;
}
