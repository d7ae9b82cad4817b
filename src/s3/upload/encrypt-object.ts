import type { Pace } from '../store/pace.js';
import { uploadFile } from './journal/file-upload.js';
import { isFileBody } from './parts/plain-file.js';
import { checkBody } from './parts/source.js';
import { uploadStream } from './stream-upload.js';
import type { EncryptObjectOptions } from './upload-options.js';
import { readUploadOptions, uploadSettings } from './upload-options.js';
import type { UploadReport } from './upload-report.js';

/**
 * Seals a stream straight into an object, of any size: parts are sealed into reused memory, and sent while the next
 * ones are sealed. Retries send the same bytes again; nothing is ever sealed twice. A small object is sent at once. If
 * the source, the keys or the store fail, the others are ended, no object is created, no part is left, and an existing
 * object stays. If the store does not let the parts be removed, `sealpipe:s3` reports it (`partsRemoved`), and so does
 * the `hint` of an error of this library or of an abort. An abort during the last request may be too late: then the
 * complete object may exist.
 *
 * An existing object is refused before anything is read, unless `overwrite` is true. The bucket and key of an object
 * are bound into its encryption context (see `bind`), so that it opens only in its place.
 *
 * A source that ends early but cleanly looks complete: give `expectedLength` or `confirm` if that can happen. A file
 * must have the same length at the end of the upload as at its beginning.
 *
 * With a `journal`, the upload of a file can be resumed after its process was killed: the next call for the same file,
 * destination, options and keys continues it. It reads the whole file again, and seals a part again only from the same
 * bytes; resuming unwraps the data key. If anything differs, the parts are removed, and a new upload begins.
 *
 * @returns once the store has confirmed that the object is complete
 * @throws (rejects) like `createEncryptStream`; the error of the source; SealpipeError `ERR_SEALPIPE_EXISTS`, `_STORE`,
 * `_CHANGED` if another writer was faster, `_LIMIT` if the parts do not suffice, `_TIMEOUT` (`sourceTimeout`); an
 * AbortError
 * @example
 * await encryptObject({ client: new S3Client(), bucket: 'backups', key: 'db/monday', body: dump.stdout, keys, confirm: dumped });
 */
export async function encryptObject(options: EncryptObjectOptions): Promise<UploadReport> {
  return uploadAt(options);
}

/** Like `encryptObject`, with a pace for tests. Never exported from the package. */
export async function uploadAt(given: EncryptObjectOptions, pace?: Pace): Promise<UploadReport> {
  const options = readUploadOptions(given);
  const settings = uploadSettings(options);
  const body = checkBody(options.body);
  return isFileBody(body) ? uploadFile(settings, body, pace) : uploadStream(settings, body, pace);
}
