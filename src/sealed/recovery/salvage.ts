import type { Frames } from '../../session/session.js';
import type { FaultPlace } from '../../stream-fault.js';
import type { SealedGap } from './recover-report.js';

/** A saved piece, in the order of the stream. */
export type Salvaged =
  | { readonly kind: 'data'; readonly offset: number; readonly data: Buffer }
  /** `fill`: the number of zeros that fill the gap. */
  | { readonly kind: 'gap'; readonly gap: SealedGap; readonly fill: number };

/** Extracts the frames that verify from a damaged stream, once. */
export interface Salvage extends Frames {
  /** Yields pieces of at most about 1 MiB. Throws only errors of the source. */
  pieces(stop: AbortSignal): AsyncGenerator<Salvaged, void, void>;
  /** The first fault that a reader would report; undefined if there is none. */
  readonly fault: { readonly error: unknown; readonly place: FaultPlace } | undefined;
  /** Whether the last frame has verified. */
  readonly hasEnd: boolean;
  /** Where the search stopped early, and which budget was used up. */
  readonly stopped: { readonly offset: number; readonly budget: 'gap' | 'work' } | null;
}
