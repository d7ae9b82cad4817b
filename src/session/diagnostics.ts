import { channel, tracingChannel } from 'node:diagnostics_channel';
import type { EngineName } from '../crypto/aead.js';
import { passedOver } from '../crypto/engines.js';
import type { LayoutName, Recipient, StreamHeader } from '../format/stream-header.js';
import type { SuiteName } from '../suites.js';
import { published } from './published-error.js';

/** Sealing or opening. */
export type Direction = 'encrypt' | 'decrypt';

/** The engine of a stream, and the recipient that opened it or was made first. */
export interface Service {
  readonly engine: EngineName;
  readonly recipient: Recipient;
}

/**
 * A message of the diagnostics channel `sealpipe:stream`. It holds no key, no plaintext and no value of an encryption
 * context. If a stream fails before its header, the members from the header are absent.
 */
export interface StreamMessage {
  /** `start`: the keys are known. `end`: the last frame is sealed or verified. `error`: there will be no `end`. */
  readonly event: 'start' | 'end' | 'error';
  /** Whether a stream is sealed or opened. */
  readonly direction: Direction;
  /** From the header. */
  readonly suite?: SuiteName;
  /** From the header. */
  readonly layout?: LayoutName;
  /** From the header, in bytes. */
  readonly frameSize?: number;
  /** The engine that seals or opens the frames. */
  readonly engine?: EngineName;
  /** Of `start`: the faster engines that cannot be used for the suite here, and why; absent if there are none. */
  readonly passedOver?: Readonly<Partial<Record<EngineName, string>>>;
  /** Of the recipient that was made first or opened the stream, such as `aws-kms`. */
  readonly keyProvider?: string;
  /** The name of its key, such as a key ARN. */
  readonly key?: string;
  /** Bytes taken so far. */
  readonly bytesIn: number;
  /** Bytes produced so far. */
  readonly bytesOut: number;
  /** Whole frames sealed or opened so far. */
  readonly frames: number;
  /**
   * What the stream failed with; absent if it was destroyed without an error. An error from elsewhere (a source, a key
   * provider, the reason of an abort) shows its name and code here, but not its message.
   */
  readonly error?: unknown;
}

/** A context of the tracing channel `sealpipe:key`. Its `result` is always undefined: data keys are not published. */
export interface KeyMessage {
  /** The method of the key provider that is called. */
  readonly operation: 'generate' | 'wrap' | 'unwrap' | 'rewrap';
  /** `id` of the key provider. */
  readonly provider: string;
}

type Counts = Pick<StreamMessage, 'bytesIn' | 'bytesOut' | 'frames'>;
type Known = Pick<StreamMessage, 'suite' | 'layout' | 'frameSize' | 'engine' | 'keyProvider' | 'key'>;

const streams = channel('sealpipe:stream');
const keys = tracingChannel<KeyMessage, KeyMessage>('sealpipe:key');

/** Reports one stream to the subscribers of `sealpipe:stream`: one `start`, then one `end` or `error`. */
export class StreamReport {
  readonly #direction: Direction;
  #known: Known = {};
  #over = false;

  constructor(direction: Direction) {
    this.#direction = direction;
  }

  start({ suite, layout, frameSize }: StreamHeader, { engine, recipient }: Service): void {
    if (!streams.hasSubscribers) return;
    this.#known = { suite, layout, frameSize, engine, keyProvider: recipient.provider, key: recipient.key };
    const reasons = passedOver(suite, engine);
    const more = Object.keys(reasons).length > 0 ? { passedOver: reasons } : {};
    this.#publish('start', { bytesIn: 0, bytesOut: 0, frames: 0, ...more });
  }

  end(counts: Counts): void {
    this.#last('end', counts);
  }

  error(error: unknown, counts: Counts): void {
    this.#last('error', counts, error);
  }

  #last(event: 'end' | 'error', counts: Counts, error?: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#publish(event, counts, error);
  }

  #publish(
    event: StreamMessage['event'],
    counts: Counts & Pick<StreamMessage, 'passedOver'>,
    error?: unknown,
  ): void {
    if (!streams.hasSubscribers) return;
    const message: StreamMessage = { event, direction: this.#direction, ...this.#known, ...counts };
    streams.publish(
      error === undefined || error === null ? message : { ...message, error: published(error) },
    );
  }
}

/**
 * Traces a key call on `sealpipe:key`. Results, and errors from elsewhere, bypass the channel, which would publish them.
 */
export async function traceKeyCall<T>(message: KeyMessage, call: () => Promise<T>): Promise<T> {
  const { start, end, asyncStart, asyncEnd, error } = keys;
  if (![start, end, asyncStart, asyncEnd, error].some(({ hasSubscribers }) => hasSubscribers)) return call();
  const answers: T[] = [];
  const failures: unknown[] = [];
  const traced = async () => {
    try {
      answers.push(await call());
    } catch (error) {
      failures.push(error);
      throw published(error);
    }
  };
  await keys.tracePromise(traced, message).catch((error: unknown) => {
    throw failures.length > 0 ? failures[0] : error;
  });
  return answers[0]!;
}
