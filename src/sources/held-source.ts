import { unlessAborted } from '../abort.js';
import { optionsTypeError, SealpipeError } from '../errors.js';
import { isBytes } from '../realms.js';
import type { ByteSource } from './byte-source.js';

/** How many reads of one source are under way at once. */
const MOST_READS = 4;

/**
 * A source in the hands of one reader or run, which holds it to its contract: the size is asked once, a read answers
 * exactly the bytes that were asked for, no more than four are under way, an answer that comes after an abort is
 * dropped, and `close` is called once.
 */
export class HeldSource {
  readonly #source: ByteSource;
  readonly #waiting: (() => void)[] = [];
  #reads = 0;
  #bytesRead = 0;
  #size: Promise<number> | undefined;
  #closed: Promise<void> | undefined;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Bytes that were read so far. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /**
   * Bytes in all.
   *
   * @throws (rejects) TypeError `ERR_SEALPIPE_OPTIONS` for an answer that is no size; an AbortError; the source's error
   */
  size(signal: AbortSignal): Promise<number> {
    this.#size ??= unlessAborted(this.#askSize(signal), signal);
    return this.#size;
  }

  /**
   * The bytes from `start` to `end`.
   *
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_TRUNCATED` if there are fewer; TypeError `ERR_SEALPIPE_OPTIONS` for
   * more, or for an answer that is no Uint8Array; an AbortError; the source's error
   */
  async read(start: number, end: number, signal: AbortSignal): Promise<Uint8Array> {
    while (this.#reads >= MOST_READS) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#reads += 1;
    try {
      signal.throwIfAborted();
      const bytes = checked(await unlessAborted(this.#askRead(start, end, signal), signal), end - start);
      this.#bytesRead += bytes.length;
      return bytes;
    } finally {
      this.#reads -= 1;
      this.#waiting.shift()?.();
    }
  }

  /** @throws (rejects) the source's error */
  close(): Promise<void> {
    this.#closed ??= (async () => await this.#source.close?.())();
    return this.#closed;
  }

  async #askSize(signal: AbortSignal): Promise<number> {
    const size: unknown = await this.#source.size(signal);
    if (Number.isSafeInteger(size) && (size as number) >= 0) return size as number;
    throw optionsTypeError('The size() of the source must be a whole number of bytes');
  }

  async #askRead(start: number, end: number, signal: AbortSignal): Promise<unknown> {
    return this.#source.read(start, end, signal);
  }
}

function checked(bytes: unknown, length: number): Uint8Array {
  if (!isBytes(bytes)) throw optionsTypeError('The read() of the source must answer a Uint8Array');
  if (bytes.length > length) {
    throw optionsTypeError(
      `The read() of the source answered ${bytes.length} bytes where ${length} were asked for`,
    );
  }
  if (bytes.length === length) return bytes;
  throw new SealpipeError(
    'ERR_SEALPIPE_TRUNCATED',
    `The source answered ${bytes.length} bytes where its size promised ${length}: it became shorter`,
  );
}
