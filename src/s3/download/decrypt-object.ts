import type { Pace } from '../store/pace.js';
import { PACE } from '../store/pace.js';
import type { DecryptObjectOptions } from './decrypt-object-options.js';
import { decryptObjectSettings } from './decrypt-object-options.js';
import type { DecryptedObject } from './decrypted-object.js';
import { ObjectDecryption } from './object-decryption.js';

/**
 * Makes a stream of an object's plaintext. Its first request is sent at once. Plaintext is pushed only after its
 * frame's tag has been verified. It is known to be complete only when the stream has ended without an error.
 *
 * A connection that breaks, or moves no byte for 60 s while bytes are wanted, is replaced: reading continues at the
 * beginning of the interrupted frame, in the same version of the object. This is done at most 5 times without progress,
 * or, with a `concurrency`, 5 times for each range. At least 16 KiB of new whole frames count as progress.
 *
 * An object opens only in the place where it was sealed, unless `location` says otherwise.
 *
 * The stream fails (`error`) like that of `createDecryptStream`; with `ERR_SEALPIPE_STORE` if the store
 * refuses a request or sends other bytes than requested; with `ERR_SEALPIPE_CHANGED` if the object is replaced while it
 * is read.
 *
 * @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS`, or TypeError `ERR_SEALPIPE_CONTEXT`, for options that are not
 * legal
 * @example
 * const plaintext = decryptObject({ client: new S3Client({}), bucket: 'backups', key: 'db.sealed', keys });
 * await pipeline(plaintext, createWriteStream('db.sql'));
 */
export function decryptObject(options: DecryptObjectOptions): DecryptedObject {
  return decryptAtPace(options, PACE);
}

/** Like `decryptObject`, with a different pace. */
export function decryptAtPace(options: DecryptObjectOptions, pace: Pace): DecryptedObject {
  return new ObjectDecryption(decryptObjectSettings(options), pace);
}
