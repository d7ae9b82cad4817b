import { BlockOpener } from '../../blocks/block-opener.js';
import { optionsRangeError, optionsTypeError } from '../../errors.js';
import type { StreamHeader } from '../../format/stream-header.js';
import { FrameOpener } from '../../frames/opener.js';
import { RandomOpener } from '../../frames/openers/random-opener.js';
import type { OptionNames } from '../../options.js';
import { assertListeners } from '../../options.js';
import type { DecryptSettings } from '../../session/decrypt-options.js';
import { OpenSession } from '../../session/open-session.js';
import type { ProgressListener } from '../../session/progress.js';
import { ProgressReport } from '../../session/progress.js';
import type { MakeFrames } from '../../session/session.js';
import type { SealedSource } from '../../sources/byte-source.js';
import type { HeldSource } from '../../sources/held-source.js';
import { withSource } from '../../sources/with-source.js';
import type { StreamFault } from '../../stream-fault.js';
import { IN_PREAMBLE, streamFaultOf } from '../../stream-fault.js';
import type { DigestName } from '../digest.js';
import { digestOf } from '../digest.js';
import type { SealedOptions } from '../sealed-options.js';
import { sealedSettings } from '../sealed-options.js';
import { unlockedHead } from '../unlocked-head.js';
import type { CheckTerms } from './check-all.js';
import { checkFixed, checkRecord } from './check-all.js';
import { SampleCheck } from './check-sample.js';
import { FrameCheck } from './frame-check.js';
import type { VerifyReport } from './verify-report.js';

/** Options of `verify`. */
export interface VerifyOptions extends SealedOptions {
  /** The digest to compute over the plaintext, like `sha256sum`. Default: none. */
  readonly digest?: DigestName | undefined;
  /**
   * Checks only this percentage of the frames, chosen at random, and the last one. `complete` is then always false. For
   * the fixed layout only. Default: every frame.
   */
  readonly sample?: number | undefined;
  /** Called with the header once the key is known. */
  readonly onHeader?: ((header: StreamHeader) => void) | undefined;
  /** Called with the progress, at most ten times a second. */
  readonly onProgress?: ProgressListener | undefined;
}

const OWN_OPTIONS: OptionNames<Omit<VerifyOptions, keyof SealedOptions>> = {
  digest: true,
  sample: true,
  onHeader: true,
  onProgress: true,
};

/**
 * Opens every frame of a sealed stream and discards the plaintext. A fault of the stream does not reject: it is in the
 * report, with its place and the code that `decrypt` would fail with.
 *
 * @param source is closed at the end, unless it is an open file
 * @throws (rejects) errors of keys, options, encryption context, `signal` and source; SealpipeError
 * `ERR_SEALPIPE_LOCKED` for a file whose re-wrap was interrupted, `ERR_SEALPIPE_CHANGED` for a source that changed
 * @example
 * const { complete, fault } = await verify('backup.tar.sealed', { keys });
 * if (!complete) console.error(fault);
 */
export function verify(source: SealedSource, options: VerifyOptions): Promise<VerifyReport> {
  return withSource(source, async (held) => {
    const { settings, own } = sealedSettings('verify', options, OWN_OPTIONS);
    assertLegal(own);
    return verified(source, held, settings, own);
  });
}

async function verified(
  given: SealedSource,
  source: HeldSource,
  settings: DecryptSettings,
  { digest, sample, onHeader, onProgress }: VerifyOptions,
): Promise<VerifyReport> {
  const hash = digestOf(digest);
  const session = new OpenSession(settings, checks(hash, sample));
  let size = 0;
  let fault: StreamFault | null = null;
  let sampling: SampleCheck | undefined;
  try {
    await session.run(async () => {
      size = await source.size(session.stopped);
      const progress = new ProgressReport(onProgress, size);
      const { frames: check } = await unlockedHead(given, source, session, settings.limits);
      if (sample !== undefined && check.header.layout !== 'fixed') {
        throw optionsRangeError(
          '`sample` is for the fixed layout: in this one a frame is found by the one before it',
        );
      }
      onHeader?.(check.header);
      const terms: CheckTerms = { source, size, progress, stop: session.stopped };
      if (isOf(check, RandomOpener)) {
        sampling = new SampleCheck(check, terms);
        await sampling.run(sample!);
      } else if (isOf(check, BlockOpener)) await checkFixed(check, terms);
      else await checkRecord(check as FrameCheck<FrameOpener>, terms);
      session.bytesIn = source.bytesRead;
      session.bytesOut = check.plaintextBytes;
      progress.end(size, check.plaintextBytes);
    });
  } catch (error) {
    fault = streamFaultOf(error, sampling?.place ?? session.frames?.place ?? IN_PREAMBLE);
  }
  const { frames: check, recipient } = session;
  return {
    complete: fault === null && sample === undefined,
    frames: check?.frames ?? 0,
    plaintextBytes: check?.plaintextBytes ?? 0,
    sealedBytes: size,
    digest: fault === null ? (hash?.digest('hex') ?? null) : null,
    sample: sample ?? null,
    fault,
    gaps: [],
    recipient: recipient === undefined ? null : { provider: recipient.provider, key: recipient.key },
  };
}

type Opener = BlockOpener | FrameOpener | RandomOpener;

function checks(
  hash: ReturnType<typeof digestOf>,
  sample: number | undefined,
): MakeFrames<FrameCheck<Opener>> {
  return (cipher, layout, header) =>
    new FrameCheck<Opener>(header, hash, (emit) => {
      if (layout.layout === 'record') {
        return new FrameOpener(cipher, layout, (plaintext) => {
          emit(plaintext);
          plaintext.fill(0);
        });
      }
      return sample === undefined ? new BlockOpener(cipher, layout) : new RandomOpener(cipher, layout);
    });
}

function isOf<T extends Opener>(
  check: FrameCheck<Opener>,
  kind: new (...terms: never[]) => T,
): check is FrameCheck<T> {
  return check.opener instanceof kind;
}

/** @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS` */
function assertLegal({ digest, sample, onHeader, onProgress }: VerifyOptions): void {
  digestOf(digest);
  assertListeners({ onProgress, onHeader });
  if (sample === undefined) return;
  if (typeof sample !== 'number') throw optionsTypeError('`sample` must be a number');
  if (!(sample > 0 && sample <= 100)) throw optionsRangeError('`sample` must be more than 0 and at most 100');
  if (digest !== undefined) throw optionsTypeError('A sample has no digest: leave `digest` or `sample` out');
}
