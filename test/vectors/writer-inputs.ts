import type { ChainLink, ContentHints, LayoutName } from '../../src/format/stream-header.js';
import type { SuiteName } from '../../src/suites.js';

/** One recipient of a writer's, and how its wrapping came about. */
export interface WriterRecipient {
  readonly provider: string;
  readonly key: string;
  readonly wrapped: Uint8Array;
  /** Of the provider `raw`: the wrapping key, and the r that was drawn. */
  readonly raw?: { readonly wrappingKey: Uint8Array; readonly r: Uint8Array } | undefined;
}

/** How many frames of how many bytes of plaintext follow each other. */
export type FrameRun = readonly [times: number, bytes: number];

/** Everything that decides the bytes of a stream, what is drawn at random included. */
export interface WriterInputs {
  readonly suite: SuiteName;
  readonly layout: LayoutName;
  readonly frameSizeLog2: number;
  readonly dataKey: Uint8Array;
  readonly salt: Uint8Array;
  /** Unix seconds. */
  readonly created: number;
  /** In canonical order. */
  readonly context: readonly (readonly [string, string])[];
  readonly withholdContext: boolean;
  readonly chain?: ChainLink | undefined;
  readonly content?: ContentHints | undefined;
  readonly recipients: readonly WriterRecipient[];
  readonly padding: boolean;
  /** The last run is the last frame, alone. */
  readonly frames: readonly FrameRun[];
  readonly plaintext: Uint8Array;
}

/** The plaintext of each frame, in order. */
export function* piecesOf({ frames, plaintext }: WriterInputs): Generator<Uint8Array> {
  let start = 0;
  for (const [times, bytes] of frames) {
    for (let i = 0; i < times; i++) {
      yield plaintext.subarray(start, start + bytes);
      start += bytes;
    }
  }
}

/** The frames of the fixed layout: their sizes follow from that of the plaintext. */
export function fixedFrames(length: number, frameSize: number): FrameRun[] {
  const full = Math.floor(length / frameSize);
  const last: FrameRun = [1, length % frameSize];
  return full === 0 ? [last] : [[full, frameSize], last];
}
