import type { FileHandle } from 'node:fs/promises';
import { optionsTypeError } from '../errors.js';
import { isBytes } from '../realms.js';
import type { ByteSource, SealedSource } from './byte-source.js';
import { handleSource, openFileSource } from './file-source.js';

/**
 * Turns any of the accepted forms into one kind of source.
 *
 * @throws (rejects) TypeError `ERR_SEALPIPE_OPTIONS`; the error of the system
 */
export async function openSource(source: SealedSource): Promise<ByteSource> {
  if (typeof source === 'string') return openFileSource(source);
  if (isBytes(source)) return bytesSource(source);
  if (isByteSource(source)) return source;
  if (isFileHandle(source)) return handleSource(source);
  if (isUrl(source)) return openFileSource(fileUrl(source));
  throw optionsTypeError(
    'The source must be a path, a file: URL, a FileHandle, a Uint8Array, or have the methods size() and read()',
  );
}

function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: async () => bytes.length,
    read: async (start, end) => bytes.subarray(start, end),
  };
}

function fileUrl(url: URL): URL {
  if (url.protocol === 'file:') return url;
  throw optionsTypeError(`The source is a ${url.protocol} URL: only file: URLs can be opened`);
}

/** Recognised by its shape: a FileHandle also has a `read`, but no `size`. */
export function isByteSource(value: unknown): value is ByteSource {
  return hasMethods(value, ['size', 'read']);
}

function isFileHandle(value: unknown): value is FileHandle {
  return hasMethods(value, ['stat', 'read', 'readv']);
}

/** Also true for one of another realm. */
function isUrl(value: unknown): value is URL {
  const { href, protocol } = (value ?? {}) as Partial<URL>;
  return typeof href === 'string' && typeof protocol === 'string';
}

function hasMethods(value: unknown, names: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function');
}
