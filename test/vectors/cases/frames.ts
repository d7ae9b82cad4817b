import type { LayoutName } from '../../../src/format/stream-header.js';
import { refuses, SUITE_NAMES } from '../case-kit.js';
import type { Vector } from '../form.js';
import { FIXED_CASES } from './fixed-frames.js';
import type { FrameCase } from './frame-cases.js';
import { RECORD_CASES } from './record-frames.js';
import { WORD_CASES } from './record-words.js';

/** Every case of the frames, whatever the cipher. */
export const FRAME_CASES: readonly FrameCase[] = [...FIXED_CASES, ...RECORD_CASES, ...WORD_CASES];

/** The cases that the other suites have, too. */
const HANDFUL: Readonly<Record<LayoutName, readonly string[]>> = {
  fixed: [
    'two-full',
    'one-full-empty-last',
    'first-ciphertext-first',
    'first-tag-last',
    'last-tag',
    'swapped',
    'last-missing',
    'first-of-another',
  ],
  record: [
    'three',
    'full-not-final',
    'first-ciphertext',
    'last-tag',
    'swapped',
    'final-bit-set',
    'last-missing',
    'trailing-byte',
    'first-of-another',
  ],
};

/** Every case in the suite that every reader has, and a handful a layout in the others. */
export function frameVectors(): Vector[] {
  return SUITE_NAMES.flatMap((suite, i) =>
    FRAME_CASES.filter(({ layout, name }) => i === 0 || HANDFUL[layout].includes(name)).map(
      ({ layout, name, comment, expect, atEnd, released, make }) =>
        refuses(
          `frames/${layout}/${suite.toLowerCase()}/${name}`,
          comment,
          expect === 'success' ? undefined : expect,
          { suite, layout, frames: make },
          { atEnd, released: Buffer.concat(released) },
        ),
    ),
  );
}
