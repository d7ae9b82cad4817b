import { refuses, SUITE_NAMES } from '../case-kit.js';
import type { Vector } from '../form.js';
import { FIXED_CASES } from './fixed-frames.js';
import type { FrameCase } from './frame-cases.js';
import { RECORD_CASES } from './record-frames.js';
import { WORD_CASES } from './record-words.js';

/** Every case of the frames, whatever the cipher. */
export const FRAME_CASES: readonly FrameCase[] = [...FIXED_CASES, ...RECORD_CASES, ...WORD_CASES];

/** The same in every suite. */
export function frameVectors(): Vector[] {
  return SUITE_NAMES.flatMap((suite) =>
    FRAME_CASES.map(({ layout, name, comment, expect, atEnd, released, make }) =>
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
