import { Readable } from 'node:stream';
import { optionsTypeError } from '../../../errors.js';

/** Chunks may be of any kind, and only one waits. */
const OBJECTS = { objectMode: true, highWaterMark: 1 } as const;

/** Whether a body is a web stream, judged by its shape. */
export function isWebStream(body: object): body is ReadableStream<unknown> {
  return 'getReader' in body && 'cancel' in body;
}

/**
 * A body as a Node stream, which can be destroyed while the body is silent. A pipeline would otherwise wait for its next
 * chunk.
 *
 * @throws TypeError if another reader has the web stream
 */
export function readableBody(body: AsyncIterable<unknown> | ReadableStream<unknown>): Readable {
  return isWebStream(body) ? new WebBody(body) : Readable.from(body, OBJECTS);
}

/** Unlike Node's own conversion, it does not take a chunk that is null for the end. */
class WebBody extends Readable {
  readonly #reader: ReadableStreamDefaultReader<unknown>;

  constructor(body: ReadableStream<unknown>) {
    super(OBJECTS);
    this.#reader = body.getReader();
  }

  override _read(): void {
    this.#reader.read().then(
      ({ done, value }) => {
        if (!done && value === null) this.destroy(gaveNull());
        else this.push(done ? null : value);
      },
      (error: Error) => this.destroy(error),
    );
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#reader.cancel(error).catch(() => undefined);
    callback(error);
  }
}

function gaveNull(): TypeError {
  return optionsTypeError('`body` gave null, which is neither bytes nor text');
}
