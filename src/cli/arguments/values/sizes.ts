import { MAX_FRAME_SIZE_LOG2, MAX_PLAINTEXT, MIN_FRAME_SIZE_LOG2 } from '../../../limits.js';
import { misuse } from '../../terminal/command-error.js';
import { USAGE } from '../../terminal/messages/command-line.js';
import { parseSize } from '../../terminal/units.js';
import type { GivenOptions } from '../command-line.js';

/** Reads an option that is a size. @throws CommandError with status 2 */
export function sizeOption(
  options: GivenOptions,
  name: 'expected-size' | 'frame-size' | 'rotate-size' | 'flush-size' | 'max-bytes',
): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const size = parseSize(text);
  if (size === undefined) throw misuse(USAGE.badSize(name, text));
  if (size > MAX_PLAINTEXT) throw misuse(USAGE.sizeTooLarge(name));
  return size;
}

/** Reads `--frame-size`. @throws CommandError with status 2 */
export function frameSizeOption(options: GivenOptions): number | undefined {
  const size = sizeOption(options, 'frame-size');
  if (size === undefined) return undefined;
  const log2 = Math.log2(size);
  if (!Number.isInteger(log2) || log2 < MIN_FRAME_SIZE_LOG2 || log2 > MAX_FRAME_SIZE_LOG2) {
    throw misuse(USAGE.badFrameSize(options.text('frame-size')!));
  }
  return size;
}
