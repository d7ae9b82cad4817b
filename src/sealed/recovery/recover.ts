import type { StreamHeader } from '../../format/stream-header.js';
import { RandomOpener } from '../../frames/openers/random-opener.js';
import type { OptionNames } from '../../options.js';
import { assertListeners } from '../../options.js';
import type { DecryptSettings } from '../../session/decrypt-options.js';
import { OpenSession } from '../../session/open-session.js';
import type { ProgressListener } from '../../session/progress.js';
import { ProgressReport } from '../../session/progress.js';
import type { SealedSource } from '../../sources/byte-source.js';
import { HeldSource } from '../../sources/held-source.js';
import { anyOpener } from '../any-opener.js';
import type { DigestName } from '../digest.js';
import { digestOf } from '../digest.js';
import type { SealedOptions } from '../sealed-options.js';
import { sealedSettings } from '../sealed-options.js';
import { FixedSalvage } from './fixed-salvage.js';
import { RecordSalvage } from './record-salvage.js';
import { headFrom, ownHead } from './recovered-head.js';
import type { Recovery } from './recovery.js';
import { FrameRecovery } from './recovery.js';
import { Tally } from './tally.js';

/** Options of `recover`. */
export interface RecoverOptions extends SealedOptions {
  /**
   * The beginning of the stream from a copy kept elsewhere: its preamble, and possibly more. It is used instead of the
   * stream's own preamble, and must have the same salt.
   */
  readonly head?: SealedSource | undefined;
  /** The digest to compute over the saved plaintext. Default: none. */
  readonly digest?: DigestName | undefined;
  /** Called with the header once the key is known. */
  readonly onHeader?: ((header: StreamHeader) => void) | undefined;
  /** Called with the progress, at most ten times a second. */
  readonly onProgress?: ProgressListener | undefined;
}

const OWN_OPTIONS: OptionNames<Omit<RecoverOptions, keyof SealedOptions>> = {
  head: true,
  digest: true,
  onHeader: true,
  onProgress: true,
};

/**
 * Saves the intact part of a damaged stream: every frame that authenticates, in order, with a report of what is
 * missing. In the record layout it searches for the next frame after damage, within budgets: 64 frames and 16 MiB ahead
 * at each gap, and eight times the size of the source as total work of the cipher. If a re-wrap was interrupted, the
 * head is taken from its journal.
 *
 * @param source is closed with the recovery or if this fails, unless it is an open file
 * @throws (rejects) the errors of `createDecryptStream` for the preamble and the keys, because nothing can be saved
 * without them; the error of the source; misuse: TypeError or RangeError `ERR_SEALPIPE_OPTIONS`
 * @example
 * await using recovery = await recover('torn.sealed', { keys });
 * await pipeline(recovery.createReadStream(), createWriteStream('saved'));
 * const { complete, gaps } = await recovery.report;
 */
export async function recover(source: SealedSource, options: RecoverOptions): Promise<Recovery> {
  const held = new HeldSource(source);
  try {
    const { settings, own } = sealedSettings('recover', options, OWN_OPTIONS);
    digestOf(own.digest);
    assertListeners({ onHeader: own.onHeader });
    return await begun(source, held, settings, own);
  } catch (error) {
    await held.close().catch(() => undefined);
    throw error;
  }
}

async function begun(
  given: SealedSource,
  source: HeldSource,
  settings: DecryptSettings,
  { head, digest, onHeader, onProgress }: RecoverOptions,
): Promise<Recovery> {
  const session = new OpenSession(settings, anyOpener);
  const stop = session.stopped;
  try {
    session.start();
    const size = await source.size(stop);
    const progress = new ProgressReport(onProgress, size);
    const terms = { given, source, session, limits: settings.limits };
    const found = await (head === undefined ? ownHead(terms) : headFrom(terms, head));
    const { opener, header, start, fault } = found;
    const layout = { ...header, preambleSize: start };
    const salvage =
      opener instanceof RandomOpener
        ? new FixedSalvage(source, size, opener, layout)
        : new RecordSalvage(source, size, opener, layout);
    onHeader?.(header);
    const tally = new Tally(size, fault);
    return new FrameRecovery(session, header, { source, salvage, digest: digestOf(digest), progress, tally });
  } catch (error) {
    throw session.fail(error);
  }
}
