import type { Vector } from '../form.js';
import { archiveCases } from './archives.js';
import { boundCases } from './bounds.js';
import { chainCases } from './chains.js';
import { contextCases } from './contexts.js';
import { cutCases } from './cuts.js';
import { encodingCases } from './encodings.js';
import { envelopeCases } from './envelopes.js';
import { frameVectors } from './frames.js';
import { limitCases } from './limits.js';
import { partCases } from './parts.js';
import { prefixCases } from './prefixes.js';
import { prologueCases } from './prologues.js';
import { recipientCases } from './recipients.js';
import { stringCases } from './strings.js';
import { twiceWrongCases } from './twice-wrong.js';
import { withheldCases } from './withheld.js';
import { writerCases } from './writers.js';

/** Every vector, made anew: each time the same. */
export function makeVectors(): Vector[] {
  return [
    ...writerCases(),
    ...prologueCases(),
    ...twiceWrongCases(),
    ...prefixCases(),
    ...partCases(),
    ...limitCases(),
    ...encodingCases(),
    ...stringCases(),
    ...boundCases(),
    ...contextCases(),
    ...withheldCases(),
    ...chainCases(),
    ...archiveCases(),
    ...envelopeCases(),
    ...recipientCases(),
    ...frameVectors(),
    ...cutCases(),
  ];
}
