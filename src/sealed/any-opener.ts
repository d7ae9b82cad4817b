import type { FrameCipher } from '../crypto/aead.js';
import type { FrameLayout } from '../frames/layout.js';
import { RandomOpener } from '../frames/openers/random-opener.js';
import { RecordOpener } from '../frames/openers/record-opener.js';

/** Opens frames at any position of a stream. */
export type AnyOpener = RandomOpener | RecordOpener;

/** The opener for the layout of the stream. */
export function anyOpener(cipher: FrameCipher, layout: FrameLayout): AnyOpener {
  return layout.layout === 'fixed' ? new RandomOpener(cipher, layout) : new RecordOpener(cipher, layout);
}
