import { Readable } from 'node:stream';
import { isSealpipeError, optionsTypeError } from '../errors.js';
import type { ReaderLimits } from '../format/preamble.js';
import { PreambleReader } from '../format/preamble.js';
import type { StreamHeader } from '../format/stream-header.js';
import { readOptions } from '../options.js';
import { isBytes } from '../realms.js';
import type { LimitOptions } from '../session/decrypt-options.js';
import { LIMIT_OPTIONS, readerLimits } from '../session/decrypt-options.js';
import type { ByteSource } from '../sources/byte-source.js';
import { isByteSource } from '../sources/open-source.js';
import { withSource } from '../sources/with-source.js';
import { readPreamble } from './read-preamble.js';

/**
 * Reads the header of a stream. It needs no key, so **nothing in it is authentic** before a decrypt stream has checked
 * the commitment.
 *
 * A Readable is read in paused mode. Everything that was read is put back, so that you can decrypt it afterwards;
 * destroy it if you do not. An AsyncIterable is consumed. A {@link ByteSource} is read at its beginning and closed.
 *
 * @param source at least the preamble of a sealed stream; the rest is ignored
 * @param limits of the preamble
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_FORMAT`, `_UNSUPPORTED`, `_LIMIT` or `_TRUNCATED`; the source's own
 * error; misuse: TypeError or RangeError `ERR_SEALPIPE_OPTIONS`
 * @example
 * const { recipients, encryptionContext } = await readHeader(sealed);
 */
export async function readHeader(
  source: Uint8Array | Readable | AsyncIterable<Uint8Array> | ByteSource,
  limits: LimitOptions = {},
): Promise<StreamHeader> {
  const ownLimits = readerLimits(readOptions('readHeader()', limits, LIMIT_OPTIONS));
  const reader = new PreambleReader(ownLimits);
  if (isBytes(source)) {
    const { preamble } = reader.take(source, 0);
    if (preamble === undefined) throw reader.end();
    return preamble.header;
  }
  if (source instanceof Readable) return fromReadable(source, reader);
  if (isByteSource(source)) return fromSource(source, ownLimits);
  if (typeof (source as Partial<AsyncIterable<unknown>> | null)?.[Symbol.asyncIterator] !== 'function') {
    throw optionsTypeError(
      'readHeader takes a Uint8Array, a Readable, an AsyncIterable of Uint8Arrays, or an object with size() and read()',
    );
  }
  for await (const chunk of source) {
    const { preamble } = reader.take(asBytes(chunk), 0);
    if (preamble !== undefined) return preamble.header;
  }
  throw reader.end();
}

/** Reads a malformed head a second time, because it may have been replaced during the first read. */
function fromSource(source: ByteSource, limits: ReaderLimits): Promise<StreamHeader> {
  const never = new AbortController().signal;
  return withSource(source, async (held) => {
    const read = () => readPreamble(held, limits, never);
    const { header } = await read().catch((error) => {
      if (isSealpipeError(error) && error.code === 'ERR_SEALPIPE_FORMAT') return read();
      throw error;
    });
    return header;
  });
}

function fromReadable(source: Readable, reader: PreambleReader): Promise<StreamHeader> {
  if (source.readableFlowing === true) {
    throw optionsTypeError(
      'readHeader needs a Readable that is not flowing: pause it, or take its `data` listener off',
    );
  }
  if (source.readableEnded || source.destroyed) {
    throw (
      source.errored ?? optionsTypeError('readHeader was given a Readable that has ended or was destroyed')
    );
  }
  if (source.readableEncoding !== null) throw notBytes();
  return new Promise((resolve, reject) => {
    const chunks: unknown[] = [];
    const settle = (act: () => void) => {
      source.off('readable', read).off('end', ended).off('error', failed).off('close', closed);
      if (!source.readableEnded) putBack(source, chunks);
      act();
    };
    const read = () => {
      try {
        for (let chunk: unknown = source.read(); chunk !== null; chunk = source.read()) {
          chunks.push(chunk);
          const { preamble } = reader.take(asBytes(chunk), 0);
          if (preamble !== undefined) return settle(() => resolve(preamble.header));
        }
        // Done now, because nothing can be put back after `end` was emitted.
        if (chunks.length > 0 && isAtEnd(source)) ended();
      } catch (error) {
        settle(() => reject(error));
      }
    };
    const ended = () => settle(() => reject(reader.end()));
    const failed = (error: Error) => settle(() => reject(error));
    const closed = () => settle(() => reject(reader.end()));
    source.on('readable', read).on('end', ended).on('error', failed).on('close', closed);
  });
}

function putBack(source: Readable, chunks: unknown[]): void {
  const last = chunks.at(-1);
  if (last !== undefined && !isBytes(last)) source.unshift(chunks.pop());
  if (chunks.length > 0) source.unshift(Buffer.concat(chunks as Uint8Array[]));
}

/** Whether a Readable with an empty buffer has ended. Before `end`, only this old undocumented property tells that. */
function isAtEnd(source: object): boolean {
  return (
    '_readableState' in source && (source._readableState as { ended?: boolean } | undefined)?.ended === true
  );
}

function asBytes(chunk: unknown): Uint8Array {
  if (isBytes(chunk)) return chunk;
  throw notBytes();
}

function notBytes(): TypeError {
  return optionsTypeError('readHeader needs a source of bytes: no encoding, no objects');
}
