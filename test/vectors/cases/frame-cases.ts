import type { LayoutName } from '../../../src/format/stream-header.js';
import type { Expectation } from '../form.js';
import type { FrameForge } from '../frame-forge.js';
import { material } from '../material.js';

/** Frames under a good preamble, whatever the cipher, and what has to come of them. F is 4,096. */
export interface FrameCase {
  readonly layout: LayoutName;
  readonly name: string;
  readonly comment: string;
  readonly expect: Expectation;
  readonly atEnd: boolean;
  /** The plaintexts that are released, in order. */
  readonly released: readonly Uint8Array[];
  /** `stranger` seals for another stream. */
  readonly make: (forge: FrameForge, stranger: FrameForge) => readonly Uint8Array[];
}

/** A plaintext that no other has. */
export function piece(name: string, length: number): Buffer {
  return material(`piece ${name}`, length);
}

export const NOTHING = Buffer.alloc(0);

/** Only these frames of a stream, in this order. */
export function pick(frames: readonly Buffer[], ...indexes: readonly number[]): Buffer[] {
  return indexes.map((index) => frames[index]!);
}
