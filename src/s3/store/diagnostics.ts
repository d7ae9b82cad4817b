import { channel } from 'node:diagnostics_channel';
import { published } from '../../session/published-error.js';
import type { Operation } from './operations.js';
import type { Retry } from './store-calls.js';

/**
 * A message of the diagnostics channel `sealpipe:s3`. It names neither bucket nor object, since both may be in the
 * encryption context, and holds no key and no plaintext.
 */
export interface S3Message {
  /** `start`: the bytes begin to move. `end`: the object is whole. `error`: there will be no `end`. */
  readonly event: 'start' | 'part' | 'retry' | 'end' | 'error';
  /** Whether an object is written or read. */
  readonly direction: 'upload' | 'download';
  /** The number of the transfer in this process. */
  readonly transfer: number;
  /** Of `start`: bytes of a part; parts of a stream of unknown length grow. */
  readonly partSize?: number;
  /** Of `start`: how many parts may be in flight at once. */
  readonly concurrency?: number;
  /** Of `start`: bytes of plaintext, if known. */
  readonly total?: number;
  /** Of `part`: its number, from 1 on. */
  readonly part?: number;
  /** Of `part`: its bytes. Of `end`: those of the object. */
  readonly bytes?: number;
  /** Of `end`: how many parts the object was sent in. */
  readonly parts?: number;
  /** Of `retry`: the operation that is sent again. */
  readonly operation?: Operation;
  /** Of `retry`: how often it was sent before. */
  readonly tries?: number;
  /** Of `retry`: the status of the response, if there was one. */
  readonly status?: number;
  /** Of `part` and `end`: since the request, or the transfer, began. */
  readonly milliseconds?: number;
  /** Of `error`: whether all parts were removed, so that none costs money. */
  readonly partsRemoved?: boolean;
  /**
   * Of `error`: the error of the transfer. An error from elsewhere (the source, a key provider, the reason of an abort)
   * shows its name and code here, but not its message.
   */
  readonly error?: unknown;
}

type Details = Omit<S3Message, 'event' | 'direction' | 'transfer' | 'error'>;

const transfers = channel('sealpipe:s3');
let count = 0;

/** Reports one transfer to the subscribers of `sealpipe:s3`. */
export class TransferDiagnostics {
  readonly #direction: S3Message['direction'];
  readonly #transfer = ++count;
  #retries = 0;

  constructor(direction: S3Message['direction']) {
    this.#direction = direction;
  }

  /** How many requests were sent again from here. */
  get retries(): number {
    return this.#retries;
  }

  tell(event: 'start' | 'part' | 'end', details: Details): void {
    if (transfers.hasSubscribers) transfers.publish(this.#message(event, details));
  }

  readonly retry = ({ operation, tries, facts: { status } }: Retry): void => {
    this.#retries++;
    if (!transfers.hasSubscribers) return;
    transfers.publish(this.#message('retry', { operation, tries, ...(status !== undefined && { status }) }));
  };

  error(error: unknown, details: Details): void {
    if (!transfers.hasSubscribers) return;
    transfers.publish({ ...this.#message('error', details), error: published(error) });
  }

  #message(event: S3Message['event'], details: Details): S3Message {
    return { event, direction: this.#direction, transfer: this.#transfer, ...details };
  }
}
