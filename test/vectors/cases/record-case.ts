import type { FrameCase } from './frame-cases.js';
import { piece } from './frame-cases.js';

/** Plaintexts of record frames: the last one is final. */
export const A = piece('a', 30);
export const B = piece('b', 20);
export const Z = piece('z', 10);

type Said = readonly [name: string, comment: string, released: readonly Buffer[], make: FrameCase['make']];

function caseOf(expect: FrameCase['expect'], [name, comment, released, make]: Said): FrameCase {
  return { layout: 'record', name, comment, expect, atEnd: false, released, make };
}

export function ok(...said: Said): FrameCase {
  return caseOf('success', said);
}

export function bad(...said: Said): FrameCase {
  return caseOf('ERR_SEALPIPE_AUTHENTICATION', said);
}

export function missing(...said: Said): FrameCase {
  return caseOf('ERR_SEALPIPE_TRUNCATED', said);
}

export function trailing(...said: Said): FrameCase {
  return caseOf('ERR_SEALPIPE_TRAILING_DATA', said);
}
