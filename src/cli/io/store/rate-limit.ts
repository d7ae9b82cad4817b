import type { TransformCallback, Writable } from 'node:stream';
import { pipeline, Readable, Transform } from 'node:stream';

const SECOND = 1_000;

interface Message {
  body?: unknown;
}
interface Handler {
  handle(request: Message, options?: unknown): Promise<{ response: Message }>;
}

/**
 * Limits how many bytes per second a client sends and receives over all of its connections. The socket waits as well,
 * so that the other side slows down and nothing accumulates.
 */
export function limitRate(client: { readonly config: object }, bytesPerSecond: number): void {
  const { requestHandler: handler } = client.config as { requestHandler: Handler };
  const handle = handler.handle.bind(handler);
  const rate = new Rate(bytesPerSecond);
  handler.handle = async (request, options) => {
    if (isReadable(request.body)) request.body = slowed(request.body, rate);
    const answer = await handle(request, options);
    if (isReadable(answer.response.body)) answer.response.body = slowed(answer.response.body, rate);
    return answer;
  };
}

/** Decides when bytes may pass. */
export class Rate {
  readonly #bytesPerSecond: number;
  #freeAt = 0;

  constructor(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** Reserves time for a number of bytes. @returns milliseconds to wait before they may pass */
  wait(bytes: number, now: number): number {
    const from = Math.max(this.#freeAt, now);
    this.#freeAt = from + (bytes / this.#bytesPerSecond) * SECOND;
    return from - now;
  }
}

function isReadable(body: unknown): body is Readable {
  return body instanceof Readable;
}

/** Passes chunks on when the rate allows it. */
class Slowed extends Transform {
  readonly #rate: Rate;
  #timer: NodeJS.Timeout | undefined;

  constructor(rate: Rate) {
    // Chunks wait in their source.
    super({ writableHighWaterMark: 1, readableHighWaterMark: 1 });
    this.#rate = rate;
  }

  /** Without its end, a request cannot be completed: its connection is ended. */
  override pipe<T extends NodeJS.WritableStream>(destination: T, options?: { end?: boolean }): T {
    this.once('close', () => {
      if (!this.readableEnded) (destination as unknown as Writable).destroy();
    });
    return super.pipe(destination, options);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    // A copy, because the memory of a request that is answered early is used again.
    const bytes = Buffer.from(chunk);
    const wait = this.#rate.wait(bytes.length, performance.now());
    if (wait < 1) callback(null, bytes);
    else this.#timer = setTimeout(callback, wait, null, bytes);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    callback(error);
  }
}

function slowed(body: Readable, rate: Rate): Readable {
  const slow = new Slowed(rate);
  // The reader gets the error; without a reader, the connection is ended.
  pipeline(body, slow, () => undefined);
  return slow;
}
