import { isSealpipeError, SealpipeError } from '../errors.js';
import type { ByteSource } from './byte-source.js';

/** Switches a source to its current version. It is a symbol because callers do not implement it. */
export const RENEW = Symbol.for('sealpipe.renew');

/**
 * A source with versions, such as an object in a store by its ETag, that answers from one version only.
 *
 * - The first answer, of `size` or of a read, fixes the version. From then on every request carries it (`If-Match`),
 *   and the version named in the answer is compared before a byte of it is used.
 * - Once that version is gone, `size` and `read` reject with {@link sourceChanged}. They never use another version.
 * - `[RENEW]` switches to the current version and returns its size in bytes. Reads that began before may still be
 *   answered from the old one. If it rejects, the source keeps its version. It is never called twice at once.
 * - A source whose version cannot change (its caller has named a version id) has no `[RENEW]`.
 *
 * A reader continues only if the new version holds the same stream: `HeldSource.goOnWith`.
 */
export interface VersionedSource extends ByteSource {
  [RENEW](signal: AbortSignal): Promise<number>;
}

/**
 * The error for a source whose version is gone: `ERR_SEALPIPE_CHANGED`, retryable.
 *
 * @param name how the message names the source; it must be safe to show
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

/** Returns the function that switches to the current version; undefined for a source that has none. */
export function renewalOf(source: ByteSource): ((signal: AbortSignal) => Promise<number>) | undefined {
  const renew = (source as Partial<VersionedSource>)[RENEW];
  return typeof renew === 'function' ? (signal) => renew.call(source, signal) : undefined;
}
