import type { Frames } from '../../session/session.js';
import type { FaultPlace } from '../../stream-fault.js';
import type { SealedGap } from './recover-report.js';

/** A piece of what is saved, in the order of the stream. */
export type Salvaged =
  | { readonly kind: 'data'; readonly offset: number; readonly data: Buffer }
  /** `fill`: as many zeros stand for it. */
  | { readonly kind: 'gap'; readonly gap: SealedGap; readonly fill: number };

/** Takes the frames that verify out of a damaged stream, once. */
export interface Salvage extends Frames {
  /** In pieces of about 1 MiB at most. Throws only what the source fails with. */
  pieces(stop: AbortSignal): AsyncGenerator<Salvaged, void, void>;
  /** What a reader fails with first; undefined if it does not. */
  readonly fault: { readonly error: unknown; readonly place: FaultPlace } | undefined;
  /** The last frame has verified. */
  readonly hasEnd: boolean;
  /** Where the search ended, and which budget it had used up. */
  readonly stopped: { readonly offset: number; readonly budget: 'gap' | 'work' } | null;
}
