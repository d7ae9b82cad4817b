import { sha256 } from '../../src/crypto/key-schedule.js';
import type { Crafted } from './craft.js';
import { assemble, begin, contextBytes, packContext, packEnvelope } from './craft.js';
import { text } from './material.js';
import type { Pair } from './packing.js';
import { bin, map, NIL, padFor, str, TRUE, uint } from './packing.js';
import type { WriterInputs } from './writer-inputs.js';
import { piecesOf } from './writer-inputs.js';

/** Makes the stream of a writer's inputs with the tools of the vectors: what every writer has to come to. */
export function sealByHand(inputs: WriterInputs): Crafted {
  const { suite, layout, frameSizeLog2, dataKey, salt, context, recipients, padding } = inputs;
  const contextDigest = sha256(contextBytes(context));
  const bound = map(...boundPairs(inputs));
  const bare = packEnvelope(recipients);
  const pad = padding ? padFor(bare.length) : undefined;
  const envelope = pad === undefined ? bare : packEnvelope(recipients, ['pad', pad]);
  const base = { suite, layout, frameSizeLog2, dataKey, contextDigest, bound, envelope };
  const { prologue, forge } = begin(base, salt);
  return assemble(prologue, bound, envelope, forge.sealAll(...piecesOf(inputs)));
}

function boundPairs({ context, withholdContext, created, chain, content }: WriterInputs): Pair[] {
  const pairs: Pair[] = [
    ['context', withholdContext ? NIL : packContext(context)],
    ['created', uint(created)],
  ];
  if (chain !== undefined) {
    const { archive, index, previous, closed } = chain;
    const link: Pair[] = [
      ['archive', bin(archive)],
      ['index', uint(index)],
      ['previous', bin(previous)],
    ];
    pairs.push(['chain', map(...link, ...(closed ? ([['closed', TRUE]] as const) : []))]);
  }
  if (content !== undefined) {
    const hints = (['encoding', 'type'] as const).flatMap((hint) => {
      const value = content[hint];
      return value === undefined ? [] : [[hint, str(text(value))] as const];
    });
    pairs.push(['content', map(...hints)]);
  }
  return pairs;
}
