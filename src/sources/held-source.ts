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

/** How many reads of one source are under way at once. */
const MOST_READS = 4;
/** How many versions of a source one read is tried with. */
const MOST_VERSIONS = 4;

/**
 * A source in the hands of one reader or run, which opens it when it is first asked for something, closes it once, and
 * holds it to its contract: the size is asked once, a read answers exactly the bytes that were asked for, no more than
 * four are under way, and nobody waits for an answer after an abort.
 *
 * If the source names its version (`VersionedSource`) and that is gone, a read fails; or, for a reader that has said what
 * to {@link goOnWith}, it is made again at the version that is there now, once its size and its head are found the same.
 */
export class HeldSource {
  readonly #given: SealedSource;
  readonly #turns = new Turns(MOST_READS);
  readonly #closing = new AbortController();
  #opened: Promise<ByteSource> | undefined;
  #bytesRead = 0;
  #size: Promise<number> | undefined;
  #closed: Promise<void> | undefined;
  /** What every version begins with that is read on. */
  #head: Uint8Array | undefined;
  /** Counts the versions that were found to be the same stream. */
  #version = 0;
  #renewing: Promise<void> | undefined;
  /** The source may have turned to a version that nobody has looked at yet. */
  #isUnknown = false;
  /** Another stream lies there now: for good. */
  #lost: SealpipeError | undefined;

  constructor(source: SealedSource) {
    this.#given = source;
  }

  /** Bytes that were read so far. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** Lets reads go on at another version of the source if it begins with these bytes and is as long. */
  goOnWith(head: Uint8Array): void {
    this.#head = head;
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
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_TRUNCATED` if there are fewer; `ERR_SEALPIPE_CHANGED`; TypeError
   * `ERR_SEALPIPE_OPTIONS` for more, or for an answer that is no Uint8Array; an AbortError; the source's error
   * @param memory of the caller, for a file: once this has rejected, the system may still write to it
   */
  read(start: number, end: number, signal: AbortSignal, memory?: ReadMemory): Promise<Uint8Array> {
    return unlessAborted(this.#readSteadily(start, end, signal, memory), signal);
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
    await this.#turns.take(signal, async () => {
      assertAll(await source.readInto(memory, start, signal), memory.length);
      this.#bytesRead += memory.length;
    });
  }

  /**
   * Turns to the version that is there now.
   *
   * @param change what a read of the version before has failed with
   * @throws (rejects) `change`, if the source has no versions; SealpipeError `ERR_SEALPIPE_CHANGED` if it is not as long
   * as before, or not the stream of `goOnWith`: so does every read from then on; an AbortError; the source's error
   */
  renew(change: unknown, signal: AbortSignal): Promise<void> {
    return unlessAborted(this.#renewFrom(this.#version, change), signal);
  }

  /** @throws (rejects) what closing the source fails with */
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

  async #askSize(signal: AbortSignal): Promise<number> {
    const source = await this.#source();
    let answer: unknown;
    try {
      answer = await source.size(signal);
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
          // Nothing is asked of a version whose head has not been looked at.
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

  /** Serves all reads that wait, so that it ends with none of them, but when the source is closed. */
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

  /** Undefined if the source has changed once more. */
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
