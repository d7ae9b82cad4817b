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

function slowed(body: Readable, rate: Rate): Readable {
  let timer: NodeJS.Timeout | undefined;
  const slow = new Transform({
    // Chunks wait in their source.
    writableHighWaterMark: 1,
    readableHighWaterMark: 1,
    transform(chunk: Buffer, _encoding, callback) {
      const wait = rate.wait(chunk.length, performance.now());
      if (wait < 1) callback(null, chunk);
      else timer = setTimeout(callback, wait, null, chunk);
    },
    destroy(error, callback) {
      clearTimeout(timer);
      callback(error);
    },
  });
  // The reader gets the error; without a reader, the connection is ended.
  pipeline(body, slow, () => undefined);
  return slow;
}
