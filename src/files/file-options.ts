import type { Recipient, StreamHeader } from '../format/stream-header.js';
import { assertListeners, booleanOption } from '../options.js';
import { PROGRESS_INTERVAL } from '../session/progress.js';
import type { SuiteName } from '../suites.js';

/** The progress of a run, in bytes. */
export interface FileProgress {
  /** Read so far. */
  readonly bytesIn: number;
  /** Written so far. */
  readonly bytesOut: number;
  /** Size of the input if known, like that of a regular file. */
  readonly total?: number | undefined;
}

/** Options of `encryptFile` and `decryptFile` besides those of the streams. */
export interface FileOptions {
  /** Whether an existing file may be replaced. Default: false. */
  readonly overwrite?: boolean | undefined;
  /** Called once, when the keys are known and before anything is written. */
  readonly onHeader?: ((header: StreamHeader) => void) | undefined;
  /** Called while bytes are written, at most 10 times a second. */
  readonly onProgress?: ((progress: FileProgress) => void) | undefined;
}

/** The report of a run: plain JSON. */
export interface FileReport {
  /** The cipher of the frames. */
  readonly suite: SuiteName;
  /** How the stream is cut into frames. */
  readonly layout: StreamHeader['layout'];
  /** Plaintext bytes of a full frame. */
  readonly frameSize: number;
  /** Bytes read: plaintext, or the sealed stream. */
  readonly bytesIn: number;
  /** Bytes written. */
  readonly bytesOut: number;
  /** Whole frames sealed or opened. */
  readonly frames: number;
  /** Duration of the run. */
  readonly milliseconds: number;
  /** The recipients of the stream, in its order. */
  readonly recipients: readonly Pick<Recipient, 'provider' | 'key'>[];
  /** The recipient that opened the stream, or the one that was made first. */
  readonly recipient: Pick<Recipient, 'provider' | 'key'>;
}

/** What a report needs of a run whose keys are known. */
export interface ReportedRun {
  readonly header: StreamHeader | undefined;
  readonly recipient: Recipient | undefined;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly framesOut: number;
}

/** Reports a run that has ended. */
export function fileReport(run: ReportedRun, milliseconds: number): FileReport {
  const { suite, layout, frameSize, recipients } = run.header!;
  const named = ({ provider, key }: Recipient) => ({ provider, key });
  return {
    suite,
    layout,
    frameSize,
    bytesIn: run.bytesIn,
    bytesOut: run.bytesOut,
    frames: run.framesOut,
    milliseconds: Math.round(milliseconds),
    recipients: recipients.map(named),
    recipient: named(run.recipient!),
  };
}

/** Separates the options of a file run from those of a stream. @throws TypeError `ERR_SEALPIPE_OPTIONS` */
export function fileOptions<T extends FileOptions>(
  options: T,
): { readonly own: FileOptions; readonly streams: Omit<T, keyof FileOptions> } {
  const { overwrite: mayReplace, onHeader, onProgress, ...streams } = options ?? {};
  const overwrite = booleanOption('overwrite', mayReplace);
  assertListeners({ onHeader, onProgress });
  return { own: { overwrite, onHeader, onProgress }, streams };
}

/**
 * Reports the progress of a run to the listener, at a limited rate.
 *
 * @param counts called only if the listener is called
 */
export function progressTeller(
  onProgress: FileOptions['onProgress'],
  total: number | undefined,
  counts: () => Pick<FileProgress, 'bytesIn' | 'bytesOut'>,
): () => void {
  if (onProgress === undefined) return () => undefined;
  let next = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now < next) return;
    next = now + PROGRESS_INTERVAL;
    const { bytesIn, bytesOut } = counts();
    onProgress({ bytesIn, bytesOut, ...(total !== undefined && { total }) });
  };
}
