import { Readable } from 'node:stream';
import { optionsTypeError } from '../../../errors.js';

/** Chunks may be of any kind, and only one waits. */
const OBJECTS = { objectMode: true, highWaterMark: 1 } as const;

type Next = () => Promise<{ readonly done?: boolean | undefined; readonly value?: unknown }>;

/** Whether a body is a web stream, judged by its shape. */
export function isWebStream(body: object): body is ReadableStream<unknown> {
  return 'getReader' in body && 'cancel' in body;
}

/**
 * A body as a Node stream, which can be destroyed while the body is silent. A pipeline would otherwise wait for its
 * next chunk.
 *
 * @throws TypeError if another reader has the web stream; what the body's own code throws
 */
export function readableBody(body: AsyncIterable<unknown> | ReadableStream<unknown>): Readable {
  if (isWebStream(body)) {
    const reader = body.getReader();
    return new PulledBody(
      () => reader.read(),
      (error) => reader.cancel(error),
    );
  }
  const iterator = body[Symbol.asyncIterator]();
  return new PulledBody(
    () => iterator.next(),
    () => iterator.return?.(),
  );
}

/**
 * Unlike Node's own conversions, it does not wait for the body when it is destroyed (`Readable.from`), and does not
 * take a null chunk for the end (`Readable.fromWeb`).
 */
class PulledBody extends Readable {
  readonly #next: Next;
  readonly #leave: (error: Error | null) => unknown;

  constructor(next: Next, leave: (error: Error | null) => unknown) {
    super(OBJECTS);
    this.#next = next;
    this.#leave = leave;
  }

  override _read(): void {
    this.#pull().catch((error: Error) => this.destroy(error));
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#left(error).catch(() => undefined);
    callback(error);
  }

  async #pull(): Promise<void> {
    const { done, value } = await this.#next();
    if (!done && value === null) throw gaveNull();
    this.push(done ? null : value);
  }

  async #left(error: Error | null): Promise<void> {
    await this.#leave(error);
  }
}

function gaveNull(): TypeError {
  return optionsTypeError('`body` produced null, which is neither bytes nor text');
}
