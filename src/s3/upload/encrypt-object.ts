import { RunSealer } from '../../blocks/run-sealer.js';
import { isError } from '../../realms.js';
import { SealSession } from '../../session/seal-session.js';
import { TransferDiagnostics } from '../store/diagnostics.js';
import type { Pace } from '../store/pace.js';
import { StoreCalls } from '../store/store-calls.js';
import { ObjectUpload } from './object-upload.js';
import { Source } from './source.js';
import { assertAbsent } from './stored-object.js';
import type { EncryptObjectOptions, UploadSettings } from './upload-options.js';
import { uploadSettings } from './upload-options.js';
import type { UploadReport } from './upload-report.js';

/**
 * Seals a stream straight into an object, of any size: parts are sealed into memory that is used over and over, and sent
 * while the next are sealed. Retries send the same bytes again; nothing is ever sealed twice. A small object is sent at
 * once. If anything fails, source, keys or store, the others are ended, no object is made, no part is left, and an object
 * that was there stays.
 *
 * An object that exists is refused, before anything is read, unless `overwrite` says otherwise. Its bucket and key are
 * bound into its encryption context (see `bind`), so that it opens only in its place.
 *
 * A source that ends early but cleanly looks whole: give `expectedLength` or `confirm` where that can happen.
 *
 * @returns when the object is whole, and the store has said so
 * @throws (rejects) like `createEncryptStream`; what the source fails with; SealpipeError `ERR_SEALPIPE_EXISTS`,
 * `_STORE`, `_CHANGED` if another writer was faster, `_LIMIT` if the parts do not suffice, `_TIMEOUT` (`sourceTimeout`);
 * an AbortError
 * @example
 * await encryptObject({ client: new S3Client(), bucket: 'backups', key: 'db/monday', body: dump.stdout, keys, confirm: dumped });
 */
export async function encryptObject(options: EncryptObjectOptions): Promise<UploadReport> {
  return uploadAt(uploadSettings(options));
}

/** The same with a pace that tests can bear. Never exported from the package. */
export async function uploadAt(settings: UploadSettings, pace?: Pace): Promise<UploadReport> {
  const since = performance.now();
  const diagnostics = new TransferDiagnostics('upload');
  let source: Source | undefined;
  const session: SealSession<RunSealer> = new SealSession(
    settings.seal,
    (cipher, layout) => new RunSealer(cipher, layout),
  );
  source = new Source(settings.body, (error) => session.stop(error));
  const calls = new StoreCalls(settings.client, {
    signal: session.stopped,
    onRetry: diagnostics.retry,
    pace,
  });
  let upload: ObjectUpload | undefined;
  try {
    return await session.run(async () => {
      if (!settings.overwrite) await assertAbsent(calls, settings.target);
      const { preamble } = await session.begin();
      settings.onHeader?.(session.header!);
      upload = await ObjectUpload.over({ settings, session, calls, diagnostics, preamble, source: source! });
      const stored = await upload.run();
      return upload.report(stored, performance.now() - since);
    });
  } catch (error) {
    source.discard(isError(error) ? error : new Error('The upload failed', { cause: error }));
    const partsRemoved = (await upload?.dismiss()) ?? true;
    diagnostics.error(error, { partsRemoved });
    throw error;
  }
}
