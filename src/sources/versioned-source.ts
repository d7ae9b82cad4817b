import { isSealpipeError, SealpipeError } from '../errors.js';
import type { ByteSource } from './byte-source.js';

/** Turns a source to the version that is there now. A symbol: it is no part of what callers implement. */
export const RENEW = Symbol.for('sealpipe.renew');

/**
 * A source that names its version, as an object in a store does by its ETag, and answers from one version alone.
 *
 * - The first answer, of `size` or of a read, decides the version. From then on every request carries it (`If-Match`),
 *   and the version that the answer names is compared before a byte of it is used.
 * - Once that version is gone, `size` and `read` reject with {@link sourceChanged}. They never answer from another one.
 * - `[RENEW]` turns to the version that is there now and answers its size in bytes. Reads that began before may still
 *   be answered from the old one. If it rejects, the source stays where it is. Nobody calls it twice at once.
 * - A source whose version cannot change (its caller has named a version id) has no `[RENEW]`.
 *
 * Whoever reads goes on only if the same stream lies there: `HeldSource.goOnWith`.
 */
export interface VersionedSource extends ByteSource {
  [RENEW](signal: AbortSignal): Promise<number>;
}

/**
 * The error for a source whose version is gone: `ERR_SEALPIPE_CHANGED`, retryable.
 *
 * @param name what the message calls it, safe to show
 */
export function sourceChanged(name: string, cause?: unknown): SealpipeError {
  return new SealpipeError('ERR_SEALPIPE_CHANGED', `${name} changed while it was read`, {
    hint: 'Read it again, from its beginning',
    retryable: true,
    cause,
  });
}

/** Whether an error says that the version of a source is gone. */
export function isSourceChange(error: unknown): boolean {
  return isSealpipeError(error) && error.code === 'ERR_SEALPIPE_CHANGED';
}

/** The way to the newest version; undefined for a source that has none. */
export function renewalOf(source: ByteSource): ((signal: AbortSignal) => Promise<number>) | undefined {
  const renew = (source as Partial<VersionedSource>)[RENEW];
  return typeof renew === 'function' ? (signal) => renew.call(source, signal) : undefined;
}
