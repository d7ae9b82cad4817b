import { Readable } from 'node:stream';
import { unlessAborted } from '../../abort.js';
import { isSealpipeError } from '../../errors.js';
import type { Preamble } from '../../format/preamble.js';
import type { Recipient, StreamHeader } from '../../format/stream-header.js';
import { FrameOpener } from '../../frames/opener.js';
import { FramePositions } from '../../frames/positions.js';
import { isError } from '../../realms.js';
import { OpenSession } from '../../session/open-session.js';
import { ProgressReport } from '../../session/progress.js';
import { plaintextGuard } from '../../session/setup/open-setup.js';
import { withLocationHint } from '../location.js';
import { ObjectReads } from '../reading/object-reads.js';
import type { RangeTerms } from '../reading/read-range.js';
import { Resumes } from '../reading/resumes.js';
import { TransferDiagnostics } from '../store/diagnostics.js';
import type { Pace } from '../store/pace.js';
import { StoreCalls } from '../store/store-calls.js';
import type { DecryptObjectSettings } from './decrypt-object-options.js';
import type { DecryptedObject } from './decrypted-object.js';
import type { Feed, FeedSink } from './feed.js';
import { FrameGatherer } from './frame-gatherer.js';
import { ParallelFeed } from './parallel-feed.js';
import { SequentialFeed } from './sequential-feed.js';

/** A Readable over a feed of sealed bytes and a session that opens them. */
export class ObjectDecryption extends Readable implements DecryptedObject {
  readonly #settings: DecryptObjectSettings;
  readonly #session: OpenSession<FrameOpener>;
  readonly #feed: Feed;
  readonly #diagnostics = new TransferDiagnostics('download');
  readonly #since = performance.now();
  #progress: ProgressReport;
  #gatherer: FrameGatherer | undefined;
  #positions: FramePositions | undefined;
  /** The key call is in progress: no bytes are taken. */
  #unlocking = false;
  /** Until the keys are known, all bytes are wanted. */
  #isWanted = true;
  #hasEnded = false;
  /** The last frame has verified. */
  #isWhole = false;
  #isOver = false;
  #begun: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | undefined;

  constructor(settings: DecryptObjectSettings, pace: Pace) {
    super({ highWaterMark: settings.opening.readableHighWaterMark });
    this.#settings = settings;
    this.#progress = new ProgressReport(settings.onProgress);
    this.#session = new OpenSession(
      settings.opening,
      (cipher, layout, header) => new FrameOpener(cipher, layout, plaintextGuard(header, this.#give)),
      (error) => void this.destroy(error),
    );
    const signal = this.#session.stopped;
    const terms: RangeTerms = {
      reads: new ObjectReads(settings.place),
      calls: new StoreCalls(settings.client, { signal, pace, onRetry: this.#diagnostics.retry }),
      resumes: new Resumes(pace, this.#diagnostics.retry),
      stallAfter: pace.stallAfter,
      signal,
      boundaryBefore: (position) => this.#boundaryBefore(position),
    };
    const { concurrency } = settings;
    const sink = this.#makeSink();
    this.#feed =
      concurrency === 1 ? new SequentialFeed(terms, sink) : new ParallelFeed(terms, sink, concurrency);
  }

  get header(): StreamHeader | undefined {
    return this.#session.header;
  }

  get recipient(): Recipient | undefined {
    return this.#session.recipient;
  }

  get bytesIn(): number {
    return this.#session.bytesIn;
  }

  get bytesOut(): number {
    return this.#session.bytesOut;
  }

  get framesOut(): number {
    return this.#session.framesOut;
  }

  override _construct(callback: (error?: Error | null) => void): void {
    // Outside the promise, so that an error of a user's listener does not become an unhandled rejection.
    this.#begin().then(
      () => process.nextTick(callback),
      (error) => process.nextTick(callback, this.#failure(error)),
    );
  }

  override _read(): void {
    this.#isWanted = true;
    this.#feed.want();
  }

  /** Node calls `_destroy` only after `_construct` has called back: a hanging call is ended here. */
  override destroy(error?: Error, callback?: (error?: Error | null) => void): this {
    this.#isOver = true;
    this.#session.stop(error);
    this.#feed.stop();
    this.#begun?.reject(this.#session.stopped.reason);
    return Reflect.apply(super.destroy, this, [error, callback]) as this;
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#session.close(error);
    if (!this.#isWhole) this.#diagnostics.error(error, {});
    callback(error);
  }

  /** Resolves when the keys are known. */
  async #begin(): Promise<void> {
    this.#session.start();
    const begun = new Promise<void>((resolve, reject) => {
      this.#begun = { resolve, reject };
    });
    begun.catch(() => undefined);
    const total = await unlessAborted(this.#feed.begin(), this.#session.stopped);
    this.#progress = new ProgressReport(this.#settings.onProgress, total);
    this.#diagnostics.tell('start', { concurrency: this.#settings.concurrency });
    await begun;
  }

  #makeSink(): FeedSink {
    const wants = (): boolean => this.#isWanted && !this.#unlocking;
    return {
      get wants() {
        return wants();
      },
      take: (bytes) => this.#guarded(() => this.#take(bytes)) && wants(),
      end: () => void this.#guarded(() => this.#end()),
      fail: (error) => this.#fail(error),
      rewind: () => {
        this.#session.bytesIn -= this.#gatherer?.forget() ?? 0;
        return this.#session.bytesIn;
      },
    };
  }

  #take(bytes: Uint8Array): void {
    const session = this.#session;
    session.bytesIn += bytes.length;
    if (this.#gatherer !== undefined) {
      this.#gatherer.write(bytes);
      this.#progress.tell(session.bytesIn, session.bytesOut);
      return;
    }
    const { taken, preamble } = session.preamble.take(bytes, 0);
    if (preamble === undefined) return;
    this.#unlocking = true;
    // A copy, since the memory may be used again before it is read.
    const rest = Buffer.from(bytes.subarray(taken));
    this.#unlock(preamble, rest).catch((error) => this.#fail(this.#withHint(error)));
  }

  async #unlock(preamble: Preamble, rest: Uint8Array): Promise<void> {
    const frames = await this.#session.unlock(preamble);
    const { header } = preamble;
    if (header.layout === 'fixed') this.#positions = new FramePositions(header);
    this.#gatherer = new FrameGatherer(frames, header);
    if (this.#isOver) return;
    this.emit('header', this.#session.header);
    this.#settings.onHeader?.(header);
    if (this.#isOver) return;
    // From now on, Node requests the bytes.
    this.#isWanted = false;
    this.#gatherer.write(rest);
    this.#unlocking = false;
    this.#begun?.resolve();
    if (this.#hasEnded) this.#end();
  }

  #end(): void {
    const session = this.#session;
    this.#hasEnded = true;
    if (this.#unlocking) return;
    if (this.#gatherer === undefined) throw session.preamble.end();
    this.#gatherer.finish();
    session.complete();
    this.#progress.end(session.bytesIn, session.bytesOut);
    this.#isWhole = true;
    const milliseconds = performance.now() - this.#since;
    this.#diagnostics.tell('end', { bytes: session.bytesIn, milliseconds });
    this.push(null);
  }

  /** Pushes. If a listener destroys the stream, this throws, so that no wiped key is used. */
  readonly #give = (bytes: Uint8Array): void => {
    if (!this.#isOver) {
      this.#session.bytesOut += bytes.length;
      this.#isWanted = this.push(bytes);
    }
    if (this.#isOver) throw new Error('The stream was destroyed');
  };

  #boundaryBefore(position: number): number {
    const positions = this.#positions;
    if (positions === undefined) return position;
    const first = positions.start(0);
    return position < first ? position : positions.start(positions.fullFrames(position));
  }

  /** Whether nothing was thrown. */
  #guarded(work: () => void): boolean {
    if (this.#isOver) return false;
    try {
      work();
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    if (this.#begun !== undefined) this.#begun.reject(error);
    this.destroy(this.#failure(error) ?? undefined);
  }

  /** The error to fail with: always an Error, and the first one if the stream was destroyed. */
  #failure(error: unknown): Error | null {
    if (this.destroyed) return null;
    return isError(error)
      ? error
      : new Error('A listener threw a value that is not an error', { cause: error });
  }

  #withHint(error: unknown): unknown {
    const isContext = isSealpipeError(error) && error.code === 'ERR_SEALPIPE_CONTEXT';
    return isContext && this.#settings.isBound ? withLocationHint(error) : error;
  }
}
