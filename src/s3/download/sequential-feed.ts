import { throwIfAborted } from '../../abort.js';
import { ObjectBody } from '../reading/object-body.js';
import type { OpenedPart } from '../reading/object-reads.js';
import type { RangeTerms } from '../reading/read-range.js';
import { discard } from '../store/requests/unread-body.js';
import type { Feed, FeedSink } from './feed.js';

/** Reads by one connection. If it breaks, another one continues from the beginning of a frame. */
export class SequentialFeed implements Feed {
  readonly #terms: RangeTerms;
  readonly #sink: FeedSink;
  #body: ObjectBody | undefined;
  #isStopped = false;
  #wanted: (() => void) | undefined;

  constructor(terms: RangeTerms, sink: FeedSink) {
    this.#terms = terms;
    this.#sink = sink;
  }

  async begin(): Promise<number> {
    const part = await this.#open(0, undefined);
    this.#read(part);
    return part.pin.size;
  }

  want(): void {
    this.#body?.resume();
    this.#wanted?.();
    this.#wanted = undefined;
  }

  stop(): void {
    this.#isStopped = true;
    this.#body?.destroy();
    this.want();
  }

  async #open(start: number, end: number | undefined): Promise<OpenedPart> {
    const { reads, calls, signal } = this.#terms;
    const part = await reads.open(calls, { start, end });
    if (this.#isStopped) discard(part.body);
    throwIfAborted(signal);
    return part;
  }

  #read({ body, start, end, pin }: OpenedPart): void {
    if (end === 0) {
      this.#sink.end();
      return;
    }
    this.#body = new ObjectBody(body, end - start, this.#terms.stallAfter, {
      wants: this.#sink.wants,
      bytes: (chunk) => this.#sink.take(chunk),
      end: () => this.#sink.end(),
      broken: (error) => {
        if (this.#isStopped) return;
        this.#goOn(error, pin.size).catch((failure) => {
          if (!this.#isStopped) this.#sink.fail(failure);
        });
      },
    });
  }

  async #goOn(error: unknown, size: number): Promise<void> {
    this.#body = undefined;
    const { resumes, signal } = this.#terms;
    // A store may end connections that nobody reads from: it would end the next one as well.
    if (!this.#sink.wants) await this.#demand();
    throwIfAborted(signal);
    const start = this.#sink.rewind();
    await resumes.next(error, start, signal);
    const part = await this.#open(start, size);
    if (!this.#isStopped) this.#read(part);
  }

  /** Resolves when bytes are wanted or the feed is stopped. */
  #demand(): Promise<void> {
    return new Promise((resolve) => {
      this.#wanted = resolve;
    });
  }
}
