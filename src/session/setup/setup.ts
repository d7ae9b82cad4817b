import type { FrameCipher } from '../../crypto/aead.js';
import type { StreamHeader } from '../../format/stream-header.js';
import type { FrameLayout } from '../../frames/layout.js';
import type { Service } from '../diagnostics.js';

/** The cipher and the layout of a stream whose keys are known. */
export interface Setup {
  readonly header: StreamHeader;
  readonly cipher: FrameCipher;
  readonly layout: FrameLayout;
  readonly service: Service;
}
