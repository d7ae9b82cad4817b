import { onAbort, throwIfAborted, unlessAborted } from '../abort.js';
import { optionsTypeError, SealpipeError } from '../errors.js';
import { isBytes } from '../realms.js';
import type { ByteSource, SealedSource } from './byte-source.js';
import { FileSource } from './file-source.js';
import { isByteSource, openSource } from './open-source.js';

/** How many reads of one source are under way at once. */
const MOST_READS = 4;

/**
 * A source in the hands of one reader or run, which opens it when it is first asked for something, closes it once, and
 * holds it to its contract: the size is asked once, a read answers exactly the bytes that were asked for, no more than
 * four are under way, and nobody waits for an answer after an abort.
 */
export class HeldSource {
  readonly #given: SealedSource;
  readonly #waiting = new Set<() => void>();
  #opened: Promise<ByteSource> | undefined;
  #reads = 0;
  #bytesRead = 0;
  #size: Promise<number> | undefined;
  #closed: Promise<void> | undefined;

  constructor(source: SealedSource) {
    this.#given = source;
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
    this.#size ??= this.#askSize(signal);
    return unlessAborted(this.#size, signal);
  }

  /**
   * The bytes from `start` to `end`.
   *
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_TRUNCATED` if there are fewer; TypeError `ERR_SEALPIPE_OPTIONS` for
   * more, or for an answer that is no Uint8Array; an AbortError; the source's error
   */
  read(start: number, end: number, signal: AbortSignal): Promise<Uint8Array> {
    const answer = this.#turn(signal, async (source) => {
      const bytes = checked(await source.read(start, end, signal), end - start);
      this.#bytesRead += bytes.length;
      return bytes;
    });
    return unlessAborted(answer, signal);
  }

  /**
   * Fills memory with the bytes from `start` on: of a file without a copy. Once this has settled nothing writes to the
   * memory any more.
   *
   * @throws (rejects) as `read`
   */
  async readInto(memory: Uint8Array, start: number, signal: AbortSignal): Promise<void> {
    const source = await this.#source();
    if (!(source instanceof FileSource)) {
      memory.set(await this.read(start, start + memory.length, signal));
      return;
    }
    await this.#turn(signal, async () => {
      assertAll(await source.readInto(memory, start, signal), memory.length);
      this.#bytesRead += memory.length;
    });
  }

  /** @throws (rejects) what closing the source fails with */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    if (this.#opened !== undefined) await (await this.#opened.catch(() => undefined))?.close?.();
    else if (isByteSource(this.#given)) await this.#given.close?.();
  }

  async #source(): Promise<ByteSource> {
    if (this.#closed !== undefined) throw new Error('The source is closed');
    this.#opened ??= openSource(this.#given);
    return this.#opened;
  }

  async #askSize(signal: AbortSignal): Promise<number> {
    const size: unknown = await (await this.#source()).size(signal);
    if (Number.isSafeInteger(size) && (size as number) >= 0) return size as number;
    throw optionsTypeError('The size() of the source must be a whole number of bytes');
  }

  /** Waits for a turn, and keeps it until the source has settled, also if nobody waits for that any more. */
  async #turn<T>(signal: AbortSignal, read: (source: ByteSource) => Promise<T>): Promise<T> {
    while (this.#reads >= MOST_READS) await this.#oneLess(signal);
    throwIfAborted(signal);
    this.#reads += 1;
    try {
      return await read(await this.#source());
    } finally {
      this.#reads -= 1;
      this.#wakeOne();
    }
  }

  #wakeOne(): void {
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#waiting.delete(next);
    next();
  }

  async #oneLess(signal: AbortSignal): Promise<void> {
    let ended = (): void => undefined;
    await new Promise<void>((resolve) => {
      this.#waiting.add(resolve);
      ended = onAbort(signal, () => {
        this.#waiting.delete(resolve);
        resolve();
      });
    });
    ended();
    throwIfAborted(signal);
  }
}

function checked(bytes: unknown, length: number): Uint8Array {
  if (!isBytes(bytes)) throw optionsTypeError('The read() of the source must answer a Uint8Array');
  if (bytes.length > length) {
    throw optionsTypeError(
      `The read() of the source answered ${bytes.length} bytes where ${length} were asked for`,
    );
  }
  assertAll(bytes.length, length);
  return bytes;
}

function assertAll(came: number, length: number): void {
  if (came === length) return;
  throw new SealpipeError(
    'ERR_SEALPIPE_TRUNCATED',
    `The source answered ${came} bytes where its size promised ${length}: it became shorter`,
  );
}
