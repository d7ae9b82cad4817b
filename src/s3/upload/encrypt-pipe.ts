import type { ReadablePipe } from '../../files/byte-file.js';
import type { Pace } from '../store/pace.js';
import { PipePlaintext } from './parts/pipe-plaintext.js';
import { uploadInOrder } from './stream-upload.js';
import type { UploadWish } from './upload-options.js';
import { uploadSettings } from './upload-options.js';
import type { UploadReport } from './upload-report.js';

/**
 * Like `encryptObject`, with a pipe as its plaintext, which takes less CPU time than a stream. The pipe is read to its end
 * and not closed. Never exported from the package: only the command knows that it reads a pipe.
 *
 * @throws (rejects) like `encryptObject`
 */
export async function encryptPipe(
  options: UploadWish,
  pipe: ReadablePipe,
  pace?: Pace,
): Promise<UploadReport> {
  return uploadInOrder(uploadSettings(options), () => new PipePlaintext(pipe), pace);
}
