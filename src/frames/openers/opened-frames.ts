import type { ByteGatherer } from '../../bytes.js';
import type { FrameCipher } from '../../crypto/aead.js';
import { TAG_SIZE } from '../../suites.js';
import type { FrameCount } from '../frame-count.js';
import { notAuthentic } from '../frame-errors.js';

/** State that all openers of one stream share. */
export interface OpenedFrames<C extends FrameCipher = FrameCipher> {
  readonly cipher: C;
  readonly frameSize: number;
  /** The associated data of the next frame. In the record layout it ends with the word of that frame. */
  readonly aad: Uint8Array;
  readonly count: FrameCount;
  /** The beginning of a frame that is still incomplete. */
  readonly pending: ByteGatherer;
  readonly emit: (bytes: Uint8Array) => void;
}

/**
 * Opens the next frame.
 *
 * @param body its ciphertext and tag
 * @param atEnd whether the stream ends with it
 * @throws SealpipeError `ERR_SEALPIPE_AUTHENTICATION`, with `atEnd` as given
 */
export function openOne({ cipher, aad, count, emit }: OpenedFrames, body: Uint8Array, atEnd: boolean): void {
  const size = body.length - TAG_SIZE;
  let plaintext: Uint8Array | undefined;
  if (cipher.openDetached) {
    plaintext = cipher.openDetached(count.frames, aad, body);
  } else {
    const out = Buffer.allocUnsafeSlow(size);
    if (cipher.open(count.frames, aad, body, out, 0)) plaintext = out;
  }
  if (plaintext === undefined) throw notAuthentic(atEnd);
  count.add(1, size);
  if (size > 0) emit(plaintext);
}
