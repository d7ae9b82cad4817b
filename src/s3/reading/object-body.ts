import { Readable } from 'node:stream';
import { isBytes } from '../../realms.js';
import { StallWatch } from '../store/requests/stall-watch.js';
import { discard } from '../store/requests/unread-body.js';
import { storeFault } from './object-pin.js';

/** Receives the bytes of a part. None of these may throw. */
export interface BodyListener {
  /** Whether bytes may arrive now; if not, `resume` requests them. */
  readonly wants: boolean;
  /** @returns whether more may arrive; if not, `resume` requests more */
  bytes(chunk: Uint8Array): boolean;
  /** All bytes of the part have arrived. */
  end(): void;
  /** No more bytes will arrive. @param error the cause, unless the body just ended too early */
  broken(error: unknown): void;
}

/** How long a connection may take to end after its last byte before it is cut. */
const GRACE = 1_000;

/**
 * The body of one response: exactly as many bytes as it promised, or an error. A connection that moves no byte for a
 * while counts as broken, unless no bytes are wanted. Once all bytes have arrived, later errors of the response (such
 * as a wrong checksum) are ignored: frames authenticate the bytes.
 */
export class ObjectBody {
  readonly #body: Readable;
  readonly #listener: BodyListener;
  readonly #watch: StallWatch;
  #left: number;
  #isOver = false;

  /**
   * @param length expected bytes
   * @param stallAfter milliseconds
   * @throws SealpipeError `ERR_SEALPIPE_STORE` if it is not a stream
   */
  constructor(body: unknown, length: number, stallAfter: number, listener: BodyListener) {
    this.#body = asReadable(body);
    this.#listener = listener;
    this.#left = length;
    this.#watch = new StallWatch(stallAfter, () => this.#break(stalled()));
    // Errors of an abandoned body are ignored.
    this.#body
      .on('error', (error) => this.#break(error))
      .on('end', () => this.#break(undefined))
      .on('close', () => this.#break(undefined))
      .on('data', (chunk: unknown) => this.#take(chunk));
    if (length === 0) this.#complete();
    else if (!listener.wants) this.#rest();
  }

  /** Requests more bytes. */
  resume(): void {
    if (this.#isOver) return;
    this.#watch.moved();
    this.#body.resume();
  }

  /** Ends the connection at once, unless all bytes have arrived. Nothing is called any more. */
  destroy(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#watch.end();
    this.#body.destroy();
  }

  #take(chunk: unknown): void {
    if (this.#isOver) return;
    if (!isBytes(chunk)) {
      this.#break(storeFault('The client returned the object as text, not as bytes'));
      return;
    }
    this.#watch.moved();
    const bytes = chunk.length > this.#left ? chunk.subarray(0, this.#left) : chunk;
    this.#left -= bytes.length;
    const goesOn = this.#listener.bytes(bytes);
    if (this.#isOver) return;
    if (this.#left === 0) this.#complete();
    else if (!goesOn) this.#rest();
  }

  #rest(): void {
    this.#watch.rest();
    this.#body.pause();
  }

  #break(error: unknown): void {
    if (this.#isOver) return;
    this.destroy();
    this.#listener.broken(error);
  }

  /** The connection can serve other requests if it is read to its end. */
  #complete(): void {
    this.#isOver = true;
    this.#watch.end();
    const body = this.#body;
    const timer = setTimeout(() => body.destroy(), GRACE).unref();
    body.once('close', () => clearTimeout(timer));
    body.resume();
    this.#listener.end();
  }
}

function asReadable(body: unknown): Readable {
  const { on, pause, resume, destroy, getReader } = Object(body) as Record<string, unknown>;
  if ([on, pause, resume, destroy].every((method) => typeof method === 'function')) return body as Readable;
  if (typeof getReader === 'function') return Readable.fromWeb(body as never);
  discard(body);
  throw storeFault('The client returned no stream of the object');
}

function stalled(): Error {
  const error = new Error('No byte moved');
  error.name = 'StalledError';
  return error;
}
