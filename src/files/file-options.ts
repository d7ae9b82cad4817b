import { optionsTypeError } from '../errors.js';
import type { Recipient, StreamHeader } from '../format/stream-header.js';
import type { SuiteName } from '../suites.js';

/** How far a run has come, in bytes. */
export interface FileProgress {
  /** Taken so far. */
  readonly bytesIn: number;
  /** Written so far. */
  readonly bytesOut: number;
  /** Of the input, if that is known, as of a regular file. */
  readonly total?: number | undefined;
}

/** What `encryptFile` and `decryptFile` take beside the options of the streams. */
export interface FileOptions {
  /** Whether an existing file may be replaced. Default: false. */
  readonly overwrite?: boolean | undefined;
  /** Called once, when the keys are known and before anything is written. */
  readonly onHeader?: ((header: StreamHeader) => void) | undefined;
  /** Called while bytes are written, at most 10 times a second. */
  readonly onProgress?: ((progress: FileProgress) => void) | undefined;
}

/** What a run did: plain JSON. */
export interface FileReport {
  /** The cipher of the frames. */
  readonly suite: SuiteName;
  /** How the stream is cut into frames. */
  readonly layout: StreamHeader['layout'];
  /** Plaintext bytes of a full frame. */
  readonly frameSize: number;
  /** Taken: plaintext, or the sealed stream. */
  readonly bytesIn: number;
  /** Written. */
  readonly bytesOut: number;
  /** Whole frames sealed or opened. */
  readonly frames: number;
  /** Of the whole run. */
  readonly milliseconds: number;
  /** The recipients of the stream, in its order. */
  readonly recipients: readonly Pick<Recipient, 'provider' | 'key'>[];
  /** The recipient that opened the stream, or the one that was made first. */
  readonly recipient: Pick<Recipient, 'provider' | 'key'>;
}

/** Milliseconds from one report of progress to the next. */
const INTERVAL = 100;

/** Takes the options of a file run apart from those of a stream. @throws TypeError `ERR_SEALPIPE_OPTIONS` */
export function fileOptions<T extends FileOptions>(
  options: T,
): { readonly own: FileOptions; readonly streams: Omit<T, keyof FileOptions> } {
  const { overwrite, onHeader, onProgress, ...streams } = options ?? {};
  if (overwrite !== undefined && typeof overwrite !== 'boolean') {
    throw optionsTypeError('`overwrite` must be a boolean');
  }
  for (const [name, listener] of Object.entries({ onHeader, onProgress })) {
    if (listener !== undefined && typeof listener !== 'function') {
      throw optionsTypeError(`\`${name}\` must be a function`);
    }
  }
  return { own: { overwrite, onHeader, onProgress }, streams };
}

/**
 * Tells the listener how far a run is, no more often than it may hear of it.
 *
 * @param counts is asked only when the listener is told
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
    next = now + INTERVAL;
    const { bytesIn, bytesOut } = counts();
    onProgress({ bytesIn, bytesOut, ...(total !== undefined && { total }) });
  };
}
