import { FORMAT_LIMITS } from '../../format/preamble.js';
import type { StreamHeader } from '../../format/stream-header.js';
import type { ObjectPieces } from '../../s3/reading/object-pieces.js';
import type { ObjectHead } from '../../s3/upload/requests/stored-object.js';
import { legalHeader, saltOf } from './segment-header.js';
import type { SpoolFile } from './spool-file.js';

/**
 * Whether an object that differs from a segment is certainly another object, and not the same one altered in transit,
 * for example by a damaged cache or proxy. Two streams have different salts. Two objects have the same salt only if one
 * writer continued where the other stopped, and then they have different lengths.
 *
 * @param object the object that was read
 * @param head the object's metadata from a separate request, which must agree
 * @throws (rejects) like `ObjectPieces.read`
 */
export async function isCertainlyOther(
  object: ObjectPieces,
  file: SpoolFile,
  head: ObjectHead,
): Promise<boolean> {
  const size = object.pin?.size ?? 0;
  if (head.size !== size || bareTag(head.etag) !== bareTag(object.pin?.etag ?? head.etag)) return false;
  const header = await headerOf(object, size);
  const salts = [head.salt, header && saltOf(header)].filter((salt) => salt !== undefined);
  const own = salts.filter((salt) => salt === file.salt).length;
  if (salts.length > 0 && own === 0) return true;
  if (own < salts.length) return false;
  // A re-wrap may have changed the length of the preamble.
  if (header !== undefined) return size - header.preambleSize !== file.size - file.preambleSize;
  return salts.length === 0 && size !== file.size;
}

/** An ETag without its quotes, which some servers omit. */
export function bareTag(etag: string | undefined): string | undefined {
  return etag?.replaceAll('"', '');
}

async function headerOf(object: ObjectPieces, size: number): Promise<StreamHeader | undefined> {
  if (size === 0) return undefined;
  const memory = Buffer.allocUnsafeSlow(Math.min(size, FORMAT_LIMITS.maxPreambleSize));
  return legalHeader(await object.read(memory, 0));
}
