import type { Vector } from '../form.js';
import { boundCases } from './bounds.js';
import { chainCases } from './chains.js';
import { contextCases } from './contexts.js';
import { cutCases } from './cuts.js';
import { encodingCases } from './encodings.js';
import { envelopeCases } from './envelopes.js';
import { frameVectors } from './frames.js';
import { lengthCases } from './lengths.js';
import { prefixCases } from './prefixes.js';
import { prologueCases } from './prologues.js';
import { recipientCases } from './recipients.js';
import { stringCases } from './strings.js';
import { withheldCases } from './withheld.js';

/** Every vector, made anew: each time the same. */
export function makeVectors(): Vector[] {
  return [
    ...lengthCases(),
    ...prologueCases(),
    ...prefixCases(),
    ...encodingCases(),
    ...stringCases(),
    ...boundCases(),
    ...contextCases(),
    ...withheldCases(),
    ...chainCases(),
    ...envelopeCases(),
    ...recipientCases(),
    ...frameVectors(),
    ...cutCases(),
  ];
}
