import { unlessAborted } from '../abort.js';
import { equalBytes } from '../bytes.js';
import type { SealpipeError } from '../errors.js';
import type { ByteSource, SealedSource } from './byte-source.js';
import type { ReadMemory } from './file-source.js';
import { FileSource } from './file-source.js';
import { isByteSource, openSource } from './open-source.js';
import { assertAll, checkedBytes, checkedSize, sourceError } from './source-answers.js';
import { Turns } from './turns.js';
import { isSourceChange, renewalOf, sourceChanged } from './versioned-source.js';

/** The maximum number of concurrent reads of one source. */
const MOST_READS = 4;
/** The maximum number of versions of a source that one read tries. */
const MOST_VERSIONS = 4;

/**
 * A source that belongs to one reader or run. It is opened on first use and closed once, and its contract is checked:
 * its size is asked for once, a read returns exactly the requested bytes, at most four reads are in progress, and after
 * an abort nobody waits for an answer.
 *
 * If the source has versions (`VersionedSource`) and its version is gone, a read fails. After a reader has called
 * {@link goOnWith}, the read is instead repeated with the current version, if its size and its head are the same.
 */
export class HeldSource {
  readonly #given: SealedSource;
  readonly #turns = new Turns(MOST_READS);
  readonly #closing = new AbortController();
  #opened: Promise<ByteSource> | undefined;
  #bytesRead = 0;
  #size: Promise<number> | undefined;
  #closed: Promise<void> | undefined;
  /** The head that a new version must have so that reads can continue with it. */
  #head: Uint8Array | undefined;
  /** The number of new versions that were found to be the same stream. */
  #version = 0;
  #renewing: Promise<void> | undefined;
  /** The source may have switched to a version that has not been checked. */
  #isUnknown = false;
  /** Set for good once the source holds another stream. */
  #lost: SealpipeError | undefined;

  constructor(source: SealedSource) {
    this.#given = source;
  }

  /** The number of bytes read so far. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** Lets reads continue with another version of the source if it begins with these bytes and has the same size. */
  goOnWith(head: Uint8Array): void {
    this.#head = head;
  }

  /**
   * The total number of bytes.
   *
   * @throws (rejects) TypeError `ERR_SEALPIPE_OPTIONS` for an invalid size; an AbortError; the source's error
   */
  size(signal: AbortSignal): Promise<number> {
    this.#size ??= this.#askSize();
    return unlessAborted(this.#size, signal);
  }

  /**
   * The bytes from `start` to `end`.
   *
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_TRUNCATED` if there are fewer; `ERR_SEALPIPE_CHANGED`; TypeError
   * `ERR_SEALPIPE_OPTIONS` for more, or for an answer that is not a Uint8Array; an AbortError; the source's error
   * @param memory the caller's memory, for a file: after this has rejected, the system may still write to it
   */
  read(start: number, end: number, signal: AbortSignal, memory?: ReadMemory): Promise<Uint8Array> {
    return unlessAborted(this.#readSteadily(start, end, signal, memory), signal);
  }

  /**
   * Reads from `start` until the memory is full; a file is read without a copy. Once this has settled, nothing writes
   * to the memory.
   *
   * @throws (rejects) like `read`, but with the reason of `signal` after an abort
   */
  async readInto(memory: Uint8Array, start: number, signal: AbortSignal): Promise<void> {
    const source = await this.#source();
    if (!(source instanceof FileSource)) {
      memory.set(await this.read(start, start + memory.length, signal));
      return;
    }
    await this.#turns.take(signal, async () => {
      assertAll(await source.readInto(memory, start, signal), memory.length);
      this.#bytesRead += memory.length;
    });
  }

  /**
   * Switches to the current version.
   *
   * @param change the error of a read of the previous version
   * @throws (rejects) `change`, if the source has no versions; SealpipeError `ERR_SEALPIPE_CHANGED` if the size differs
   * or it is not the stream of `goOnWith`, and from then on for every read; an AbortError; the source's error
   */
  renew(change: unknown, signal: AbortSignal): Promise<void> {
    return unlessAborted(this.#renewFrom(this.#version, change), signal);
  }

  /** @throws (rejects) the error of closing the source */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    if (this.#opened !== undefined) await (await this.#opened.catch(() => undefined))?.close?.();
    else if (isByteSource(this.#given)) await this.#given.close?.();
  }

  async #source(): Promise<ByteSource> {
    if (this.#closed !== undefined) throw new Error('The source is closed');
    this.#opened ??= openSource(this.#given);
    return this.#opened;
  }

  /** Shared by all callers, so that the abort of one does not end it; closing the source does. */
  async #askSize(): Promise<number> {
    const source = await this.#source();
    let answer: unknown;
    try {
      answer = await source.size(this.#closing.signal);
    } catch (error) {
      throw sourceError(error);
    }
    return checkedSize(answer);
  }

  async #readOnce(
    source: ByteSource,
    start: number,
    end: number,
    signal: AbortSignal,
    memory?: ReadMemory,
  ): Promise<Uint8Array> {
    let answer: unknown;
    try {
      answer = await (source instanceof FileSource
        ? source.read(start, end, signal, memory)
        : source.read(start, end, signal));
    } catch (error) {
      throw sourceError(error);
    }
    const bytes = checkedBytes(answer, end - start);
    this.#bytesRead += bytes.length;
    return bytes;
  }

  async #readSteadily(
    start: number,
    end: number,
    signal: AbortSignal,
    memory?: ReadMemory,
  ): Promise<Uint8Array> {
    for (let versions = 1; ; ) {
      let version = this.#version;
      try {
        const bytes = await this.#turns.take(signal, async () => {
          // Nothing is read from a version whose head has not been checked.
          if (this.#renewing !== undefined || this.#isUnknown) return undefined;
          if (this.#lost !== undefined) throw this.#lost;
          version = this.#version;
          return this.#readOnce(await this.#source(), start, end, signal, memory);
        });
        if (bytes !== undefined) return bytes;
        await this.#renewFrom(version, sourceChanged('The source'));
      } catch (error) {
        if (this.#head === undefined || versions++ === MOST_VERSIONS || !isSourceChange(error)) throw error;
        await this.#renewFrom(version, error);
      }
    }
  }

  async #renewFrom(version: number, change: unknown): Promise<void> {
    if (this.#lost !== undefined) throw this.#lost;
    if (version !== this.#version) return;
    this.#renewing ??= this.#renewNow(change).finally(() => {
      this.#renewing = undefined;
    });
    await this.#renewing;
  }

  /** Shared by all waiting reads, so that the abort of one does not stop it; closing the source does. */
  async #renewNow(change: unknown): Promise<void> {
    const { signal } = this.#closing;
    const renew = renewalOf(await this.#source());
    if (renew === undefined) throw change;
    const before = await this.#size?.catch(() => undefined);
    this.#isUnknown = true;
    for (let versions = 1; ; versions++) {
      const size = checkedSize(await renew(signal));
      const isSame = size === (before ?? size) && (await this.#hasSameHead(versions, signal));
      if (isSame === undefined) continue;
      this.#isUnknown = false;
      if (!isSame) {
        this.#lost = sourceChanged('The source', change);
        throw this.#lost;
      }
      this.#size = Promise.resolve(size);
      this.#version += 1;
      return;
    }
  }

  /** Undefined if the source has changed again. */
  async #hasSameHead(versions: number, signal: AbortSignal): Promise<boolean | undefined> {
    const head = this.#head;
    if (head === undefined) return true;
    try {
      const read = async () => this.#readOnce(await this.#source(), 0, head.length, signal);
      return equalBytes(await this.#turns.take(signal, read), head);
    } catch (error) {
      if (versions === MOST_VERSIONS || !isSourceChange(error)) throw error;
      return undefined;
    }
  }
}
