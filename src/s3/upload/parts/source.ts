import type { Readable } from 'node:stream';
import { finished } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { unlessAborted } from '../../../abort.js';
import { optionsTypeError } from '../../../errors.js';
import { isBytes } from '../../../realms.js';
import type { PartFiller } from './part-filler.js';
import { PartSink } from './part-sink.js';
import type { FileBody } from './plain-file.js';
import { isFileBody } from './plain-file.js';
import type { Plaintext, PourTerms } from './plaintext.js';
import { isWebStream, readableBody } from './readable-body.js';

/**
 * The plaintext of an object: bytes, a stream of bytes, or a file (a `file:` URL or a FileHandle, read from its
 * beginning). A stream is destroyed if the upload fails. Strings are not accepted, because they might be meant as the
 * name of a file.
 */
export type UploadBody = FileBody | StreamBody;

/** The same without files. */
export type StreamBody =
  | Uint8Array
  | Readable
  | AsyncIterable<Uint8Array | string>
  | ReadableStream<Uint8Array>;

/** Checks the option. @throws TypeError `ERR_SEALPIPE_OPTIONS` */
export function checkBody(body: unknown): UploadBody {
  if (isBytes(body) || isFileBody(body)) return body;
  if (isNodeStream(body)) {
    if (body.readableEnded || body.readable === false) {
      throw optionsTypeError('`body` has already ended or failed: nothing is left to seal');
    }
    return body;
  }
  if (typeof body === 'object' && body !== null && Symbol.asyncIterator in body) return body as UploadBody;
  throw optionsTypeError(
    '`body` must be bytes or a stream of them. For text: Buffer.from(text); for a file: pathToFileURL(path)',
  );
}

/** Plaintext from memory or from a stream. */
export class Source implements Plaintext {
  readonly #body: StreamBody;
  readonly #unwatch: () => void;
  #isTaken = false;

  /** @param onFailure called if a stream fails before it is read */
  constructor(body: StreamBody, onFailure: (error: Error) => void) {
    this.#body = body;
    this.#unwatch = isNodeStream(body)
      ? finished(body, { writable: false }, (error) => error && onFailure(error))
      : () => undefined;
  }

  get length(): number | undefined {
    return isBytes(this.#body) ? this.#body.length : undefined;
  }

  /** If the stream or the upload fails, the stream is destroyed. */
  async pour(filler: PartFiller, { stop, sourceTimeout }: PourTerms): Promise<void> {
    this.#isTaken = true;
    const body = this.#body;
    const from = isBytes(body) ? [body] : isNodeStream(body) ? body : readableBody(body);
    const poured = pipeline(from as Readable, new PartSink(filler, sourceTimeout), { signal: stop });
    this.#unwatch();
    // A stream may wait for its own source before it is closed.
    await unlessAborted(poured, stop);
  }

  /** Destroys the stream, unless `pour` was called, which has already done so. */
  discard(error: Error): void {
    const body = this.#body;
    if (this.#isTaken || isBytes(body)) return;
    this.#isTaken = true;
    if (isNodeStream(body)) {
      // Ignores later errors of the stream, which repeat the failure that destroyed it.
      body.once('error', () => undefined);
      body.destroy(error);
    } else if (isWebStream(body)) {
      body.cancel(error).catch(() => undefined);
    } else {
      leave(body).catch(() => undefined);
    }
  }
}

function isNodeStream(body: unknown): body is Readable {
  const { pipe, on, destroy } = Object(body) as Partial<Readable>;
  return typeof pipe === 'function' && typeof on === 'function' && typeof destroy === 'function';
}

/** Ends an iterable that was not begun. @throws (rejects) what its own code throws */
async function leave(body: AsyncIterable<unknown>): Promise<void> {
  await body[Symbol.asyncIterator]().return?.();
}
