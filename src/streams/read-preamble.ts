import type { Preamble, ReaderLimits } from '../format/preamble.js';
import { PreambleReader } from '../format/preamble.js';
import type { HeldSource } from '../sources/held-source.js';
import { isSourceChange } from '../sources/versioned-source.js';

/** The size of the first read, in bytes: larger than most preambles. */
const FIRST_READ = 8_192;
/** The size of later reads. */
const NEXT_READ = 65_536;
/** How often reading the preamble restarts because the source changes. */
const MOST_CHANGES = 3;

/**
 * Reads the preamble of a sealed stream from a source. If the source has versions, all of it is from one version.
 *
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_FORMAT`, `_UNSUPPORTED`, `_LIMIT`, `_TRUNCATED`, or `_CHANGED`; the
 * error of the source
 */
export async function readPreamble(
  source: HeldSource,
  limits: ReaderLimits,
  stop: AbortSignal,
): Promise<Preamble> {
  for (let changes = 0; ; changes++) {
    try {
      return await readOnce(source, new PreambleReader(limits), stop);
    } catch (error) {
      if (changes === MOST_CHANGES || !isSourceChange(error)) throw error;
      await source.renew(error, stop);
    }
  }
}

async function readOnce(source: HeldSource, reader: PreambleReader, stop: AbortSignal): Promise<Preamble> {
  const size = await source.size(stop);
  for (let start = 0, length = FIRST_READ; start < size; length = NEXT_READ) {
    const end = Math.min(size, start + length);
    const { preamble } = reader.take(await source.read(start, end, stop), 0);
    if (preamble !== undefined) return preamble;
    start = end;
  }
  throw reader.end();
}
