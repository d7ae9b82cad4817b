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
 * source, keys or store fail, the others are ended, no object is created, no part is left, and an existing object
 * stays. If the store does not let the parts be removed, the `hint` of an error of this library, or of an abort, says
 * so, and `sealpipe:s3` whatever the error is (`partsRemoved`). An abort during the last request may be too late: then
 * the object, which is whole, may be there.
 *
 * An object that exists is refused, before anything is read, unless `overwrite` says otherwise. Its bucket and key are
 * bound into its encryption context (see `bind`), so that it opens only in its place.
 *
 * A source that ends early but cleanly looks whole: give `expectedLength` or `confirm` where that can happen. A file must
 * be as long at its end as it was at its beginning.
 *
 * With a `journal`, the upload of a file can be resumed after its process was killed: the next call for the same file,
 * destination, options and keys goes on. It reads all of the file again, and seals nothing that was not sealed from
 * the same bytes before; resuming unwraps the data key. If anything differs, the parts are removed, and a new upload begins.
 *
 * @returns when the object is whole, and the store has said so
 * @throws (rejects) like `createEncryptStream`; what the source fails with; SealpipeError `ERR_SEALPIPE_EXISTS`,
 * `_STORE`, `_CHANGED` if another writer was faster, `_LIMIT` if the parts do not suffice, `_TIMEOUT` (`sourceTimeout`);
 * an AbortError
 * @example
 * await encryptObject({ client: new S3Client(), bucket: 'backups', key: 'db/monday', body: dump.stdout, keys, confirm: dumped });
 */
export async function encryptObject(options: EncryptObjectOptions): Promise<UploadReport> {
  return uploadAt(options);
}

/** The same with a pace for tests. Never exported from the package. */
export async function uploadAt(given: EncryptObjectOptions, pace?: Pace): Promise<UploadReport> {
  const options = readUploadOptions(given);
  const settings = uploadSettings(options);
  const body = checkBody(options.body);
  return isFileBody(body) ? uploadFile(settings, body, pace) : uploadStream(settings, body, pace);
}
