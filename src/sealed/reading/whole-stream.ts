import type { OpenFile } from '../../file-system.js';
import { readAt } from '../../files/heads/positioned.js';
import type { StreamHeader } from '../../format/stream-header.js';
import { notAuthentic, trailingData, truncated } from '../../frames/frame-errors.js';
import { FrameLength, ILLEGAL_WORD } from '../../frames/frame-length.js';
import { isFinalWord, WORD_SIZE } from '../../frames/layout.js';
import { RandomOpener } from '../../frames/openers/random-opener.js';
import { RecordOpener } from '../../frames/openers/record-opener.js';
import { FramePositions } from '../../frames/positions.js';
import type { KeyedSetup } from '../../session/setup/open-setup.js';
import { HeldSource } from '../../sources/held-source.js';
import { FixedRanges } from './fixed-ranges.js';
import { RecordRanges } from './record-ranges.js';

/** Bytes per read. */
const WINDOW = 262_144;

/**
 * Asserts that a stream has its last frame. With a key, the frame must verify (in the record layout with every frame
 * before it); without one, only lengths are checked.
 *
 * @param keyed is wiped
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_TRUNCATED`, `_AUTHENTICATION`, `_TRAILING_DATA` or `_LIMIT`
 */
export async function assertWhole(
  file: OpenFile,
  header: StreamHeader,
  keyed: KeyedSetup | undefined,
  stop: AbortSignal,
): Promise<void> {
  const { size } = await file.facts();
  if (keyed === undefined) {
    if (header.layout === 'fixed') new FramePositions(header).last(size);
    else await walkWords(file, header, size, stop);
    return;
  }
  const source = new HeldSource({
    size: async () => size,
    read: (start: number, end: number) => readAt(file, Buffer.allocUnsafeSlow(end - start), start),
  });
  const { cipher, layout } = keyed;
  try {
    const ranges =
      header.layout === 'fixed'
        ? new FixedRanges(source, new RandomOpener(cipher, layout), header, 0)
        : new RecordRanges(source, new RecordOpener(cipher, layout), header);
    await ranges.size(stop);
  } finally {
    cipher.wipe();
  }
}

/** Follows the length words of the record layout to the final frame, which must end where the file does. */
async function walkWords(
  file: OpenFile,
  header: StreamHeader,
  size: number,
  stop: AbortSignal,
): Promise<void> {
  const lengths = new FrameLength(WORD_SIZE, header.frameSize);
  const memory = Buffer.alloc(WINDOW);
  let window = memory.subarray(0, 0);
  let windowStart = 0;
  for (let at = header.preambleSize; at + WORD_SIZE <= size; ) {
    if (at + WORD_SIZE > windowStart + window.length) {
      stop.throwIfAborted();
      window = Buffer.from(await readAt(file, memory, at));
      windowStart = at;
      if (window.length < WORD_SIZE) break;
    }
    const length = lengths.at(window, at - windowStart);
    if (length === ILLEGAL_WORD) throw notAuthentic();
    const isFinal = isFinalWord(window, at - windowStart);
    at += length;
    if (at > size) break;
    if (isFinal && at < size) throw trailingData();
    if (isFinal) return;
  }
  throw truncated();
}
