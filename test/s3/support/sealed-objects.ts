import { encrypt } from '../../../src/index.js';
import type { Pace } from '../../../src/s3/store/pace.js';
import type { Bucket, StoredVersion } from '../../support/s3/fake/state.js';
import { etagOf, store } from '../../support/s3/fake/state.js';
import { keys } from '../../support/test-keys.js';

/** The frame size of the objects of these tests. */
export const F = 4_096;

/** Times that a test can wait for. */
export const QUICK: Pace = { tries: 3, firstPause: 1, longestPause: 4, stallAfter: 120_000 };

/** The same for tests of connections that stand still. */
export const IMPATIENT: Pace = { ...QUICK, stallAfter: 700 };

/** The pairs that bind an object to its place. */
export function placeOf(bucket: string, key: string): Record<string, string> {
  return { 'sealpipe:bucket': bucket, 'sealpipe:key': key };
}

/** Plaintext whose every frame is another one. */
export function plaintextOf(size: number): Buffer {
  return Buffer.from(Array.from({ length: size }, (_, i) => (i + Math.floor(i / F)) % 251));
}

/** An object that is sealed for its place, put into a fake S3 by the back door. */
export async function putSealed(
  bucket: Bucket,
  key: string,
  plaintext: Buffer,
  options: {
    layout?: 'fixed' | 'record';
    encryptionContext?: Record<string, string>;
    withholdContext?: boolean;
  } = {},
): Promise<Buffer> {
  const encryptionContext = placeOf(bucket.name, key);
  const sealed = await encrypt(plaintext, { keys, frameSize: F, encryptionContext, ...options });
  putBytes(bucket, key, sealed);
  return sealed;
}

/** Any bytes, by the back door. */
export function putBytes(bucket: Bucket, key: string, bytes: Buffer): StoredVersion {
  return store(bucket, key, {
    isDeleteMarker: false,
    pieces: [bytes],
    size: bytes.length,
    etag: etagOf(bytes, false),
    partSizes: undefined,
    checksum: undefined,
    details: { headers: {}, storageClass: 'STANDARD', tags: new Map(), lock: {} },
  });
}
