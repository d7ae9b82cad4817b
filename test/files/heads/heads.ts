import { randomBytes } from 'node:crypto';
import { looseBin, looseStr } from '../../reference/loose-pack.js';
import { preambleOf } from '../../reference/preambles.js';
import { envelopeOf, recipientWith } from '../../reference/sections.js';

/** A head of several sectors, whose wrapped keys alone depend on `seed`. */
export function headOf(seed: number, padding = 1_200): Buffer {
  const wrapped = looseBin(Buffer.alloc(600, seed));
  const recipients = [
    recipientWith({ key: looseStr('one'), wrapped }),
    recipientWith({ key: looseStr('two'), wrapped }),
  ];
  return preambleOf(undefined, envelopeOf(recipients, ['pad', looseBin(Buffer.alloc(padding))]));
}

/** A file with that head. */
export function fileOf(head: Uint8Array, rest: Uint8Array = randomBytes(700)): Buffer {
  return Buffer.concat([head, rest]);
}
