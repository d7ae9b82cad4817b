import type { Preamble, PreambleReader } from '../format/preamble.js';
import type { HeldSource } from '../sources/held-source.js';

/** Bytes of the first read: more than most preambles have. */
const FIRST_READ = 8_192;
/** Of the reads after it. */
const NEXT_READ = 65_536;

/**
 * Reads the preamble of a sealed stream from a source.
 *
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_FORMAT`, `_UNSUPPORTED`, `_LIMIT` or `_TRUNCATED`; what the source
 * fails with
 */
export async function readPreamble(
  source: HeldSource,
  reader: PreambleReader,
  stop: AbortSignal,
): Promise<Preamble> {
  const size = await source.size(stop);
  for (let start = 0, length = FIRST_READ; start < size; length = NEXT_READ) {
    const end = Math.min(size, start + length);
    const { preamble } = reader.take(await source.read(start, end, stop), 0);
    if (preamble !== undefined) return preamble;
    start = end;
  }
  throw reader.end();
}
