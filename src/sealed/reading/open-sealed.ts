import { RandomOpener } from '../../frames/openers/random-opener.js';
import type { OptionNames } from '../../options.js';
import type { DecryptSettings } from '../../session/decrypt-options.js';
import { OpenSession } from '../../session/open-session.js';
import { size } from '../../session/stream-options.js';
import type { SealedSource } from '../../sources/byte-source.js';
import { HeldSource } from '../../sources/held-source.js';
import { anyOpener } from '../any-opener.js';
import type { SealedOptions } from '../sealed-options.js';
import { sealedSettings } from '../sealed-options.js';
import { unlockedHead } from '../unlocked-head.js';
import { FixedRanges } from './fixed-ranges.js';
import type { SealedReader } from './reader.js';
import { RangeReader } from './reader.js';
import { RecordRanges } from './record-ranges.js';

const DEFAULT_CACHE_SIZE = 4 * 1_048_576;

/** Options of `openSealed`. */
export interface OpenSealedOptions extends SealedOptions {
  /** Bytes of verified plaintext that the reader caches, for ranges that are close together. Default: 4 MiB. */
  readonly cacheSize?: number | undefined;
}

const OWN_OPTIONS: OptionNames<Pick<OpenSealedOptions, 'cacheSize'>> = { cacheSize: true };

/**
 * Opens a sealed stream for reading at any position. The key is unwrapped once. Only the frames of a range are read and
 * opened, and each is authenticated by itself. In the record layout, finding a byte requires reading the frames before
 * it.
 *
 * @param source is closed with the reader, or if this fails, unless it is an open file
 * @throws (rejects) the errors of `createDecryptStream` for the preamble and the keys; SealpipeError
 * `ERR_SEALPIPE_LOCKED` for a file whose re-wrap was interrupted, `ERR_SEALPIPE_CHANGED` (also from the reader) for a
 * source that now holds another stream; the error of the source; misuse: TypeError or RangeError `ERR_SEALPIPE_OPTIONS`
 * @example
 * await using reader = await openSealed('backup.tar.sealed', { keys });
 * const header = await reader.read(0, 512);
 * await pipeline(reader.createReadStream({ start: -4_096 }), process.stdout);
 */
export async function openSealed(source: SealedSource, options: OpenSealedOptions): Promise<SealedReader> {
  const held = new HeldSource(source);
  try {
    const { settings, own } = sealedSettings('openSealed', options, OWN_OPTIONS);
    const cacheSize = size(own, 'cacheSize') ?? DEFAULT_CACHE_SIZE;
    return await opened(source, held, settings, cacheSize);
  } catch (error) {
    await held.close().catch(() => undefined);
    throw error;
  }
}

async function opened(
  given: SealedSource,
  source: HeldSource,
  settings: DecryptSettings,
  cacheSize: number,
): Promise<SealedReader> {
  const session = new OpenSession(settings, anyOpener);
  try {
    session.start();
    const { preamble, frames } = await unlockedHead(given, source, session, settings.limits);
    source.goOnWith(preamble.prologueBytes);
    const ranges =
      frames instanceof RandomOpener
        ? new FixedRanges(source, frames, preamble.header, cacheSize)
        : new RecordRanges(source, frames, preamble.header);
    return new RangeReader(session, source, ranges);
  } catch (error) {
    throw session.fail(error);
  }
}
