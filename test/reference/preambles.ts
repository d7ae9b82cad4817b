import { hex, looseBin, looseStr } from './loose-pack.js';
import { boundOfContext, envelopeOf, recipientWith } from './sections.js';

export const BOUND = boundOfContext(['bucket', 'é\u{1f600}'], ['name', '\ufeffx']);
export const ENVELOPE = envelopeOf(
  [recipientWith(), recipientWith({ key: looseStr('other') })],
  ['pad', looseBin(Buffer.alloc(40))],
);

/** A prologue that says what it is told, with any lengths. */
export function prologueOf(
  boundLength: number,
  envelopeLength: number,
  { suite = 1, log2 = 16, layout = 0 } = {},
): Buffer {
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(boundLength, 0);
  lengths.writeUInt32BE(envelopeLength, 4);
  const parameters = Buffer.of(1, suite, log2, layout);
  return Buffer.concat([
    hex('895345414c0d0a1a'),
    parameters,
    lengths,
    Buffer.alloc(32, 5),
    Buffer.alloc(32, 6),
  ]);
}

/** A preamble of any sections; its lengths are theirs. */
export function preambleOf(
  bound: Uint8Array = BOUND,
  envelope: Uint8Array = ENVELOPE,
  parameters: { suite?: number; log2?: number; layout?: number } = {},
): Buffer {
  return Buffer.concat([prologueOf(bound.length, envelope.length, parameters), bound, envelope]);
}
