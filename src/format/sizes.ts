import { optionsRangeError, optionsTypeError } from '../errors.js';
import { MAX_FRAMES, MAX_PLAINTEXT } from '../limits.js';
import { TAG_SIZE } from '../suites.js';
import type { StreamHeader } from './stream-header.js';

/** The part of a {@link StreamHeader} that the sizes of a stream depend on. */
export type SizedHeader = Pick<StreamHeader, 'layout' | 'frameSize' | 'preambleSize'>;

/**
 * How long a stream of the fixed layout is.
 *
 * @param plaintextSize bytes of plaintext
 * @param header from `readHeader`, or a stream's `header` event
 * @returns bytes of the whole sealed stream, preamble included (FORMAT 6)
 * @throws RangeError `ERR_SEALPIPE_OPTIONS` for the record layout, whose size depends on the flushes, and for an
 * impossible size
 * @example
 * const [header] = await once(seal, 'header');
 * request.setHeader('Content-Length', sealedSize(fileSize, header));
 */
export function sealedSize(plaintextSize: number, header: SizedHeader): number {
  assertFixed(header);
  if (!isSize(plaintextSize) || plaintextSize > maxPlaintext(header.frameSize)) {
    throw optionsRangeError(`No stream of this frame size holds ${plaintextSize} bytes of plaintext`);
  }
  const frames = Math.floor(plaintextSize / header.frameSize) + 1;
  return header.preambleSize + plaintextSize + TAG_SIZE * frames;
}

/**
 * How much plaintext a stream of the fixed layout holds. A claim until its last frame has been opened.
 *
 * @param size bytes of the whole sealed stream, preamble included
 * @param header from `readHeader`, or a stream's `header` event
 * @returns bytes of plaintext (FORMAT 6)
 * @throws TypeError `ERR_SEALPIPE_OPTIONS` if `header` is not a header
 * @throws RangeError `ERR_SEALPIPE_OPTIONS` for the record layout, and for a size that no whole stream has
 * @example
 * console.log(openedSize(sealed.length, await readHeader(sealed)));
 */
export function openedSize(size: number, header: SizedHeader): number {
  assertFixed(header);
  if (!isSize(size)) throw impossible(size);
  const { frameSize, preambleSize } = header;
  const body = size - preambleSize;
  const full = Math.floor(body / (frameSize + TAG_SIZE));
  const rest = body - full * (frameSize + TAG_SIZE);
  const plaintextSize = full * frameSize + rest - TAG_SIZE;
  if (body < TAG_SIZE || rest < TAG_SIZE || plaintextSize > maxPlaintext(frameSize)) throw impossible(size);
  return plaintextSize;
}

function impossible(size: unknown): RangeError {
  return optionsRangeError(`No whole stream with this header is ${String(size)} bytes long`);
}

function maxPlaintext(frameSize: number): number {
  return Math.min(MAX_PLAINTEXT, MAX_FRAMES * frameSize - 1);
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function assertFixed(header: SizedHeader): void {
  const { layout, frameSize, preambleSize } = (header ?? {}) as Partial<SizedHeader>;
  if (!isSize(frameSize) || !isSize(preambleSize) || layout === undefined) {
    throw optionsTypeError('`header` must be the header of a stream, such as readHeader() gives');
  }
  if (layout !== 'fixed') {
    throw optionsRangeError(`The size of a stream of the ${layout} layout depends on how it was flushed`);
  }
}
