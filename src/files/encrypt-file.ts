import type { EncryptOptions } from '../session/encrypt-options.js';
import { encryptSettings } from '../session/encrypt-options.js';
import { createEncryptStream } from '../streams/encrypt-stream.js';
import { FileEncryption } from './file-encryption.js';
import { runFileJob, throughStream } from './file-job.js';
import type { FileOptions, FileReport } from './file-options.js';
import { fileOptions } from './file-options.js';
import type { FileInput, FilePlace } from './file-place.js';

/** Options of {@link encryptFile}. */
export interface EncryptFileOptions extends EncryptOptions, FileOptions {}

/**
 * Seals a file into another one, faster than a pipeline of streams. An output that is named by its path gets that name
 * only when it is whole and durable, and is never more accessible than the input; if anything fails, nothing is left
 * behind and an existing file is unchanged. In the record layout, readers follow: the output gets its name once the
 * preamble is durable, and stays if the run fails later. Devices, FIFOs and open files are written directly.
 *
 * @param input is read to its end; an open file from its current position; without `confirm`, a regular file must not
 * become shorter during the call
 * @throws (rejects) like `createEncryptStream`; SealpipeError `ERR_SEALPIPE_EXISTS` if the output exists and
 * `overwrite` is not true; the error of the system; an AbortError
 * @example
 * const report = await encryptFile('backup.tar', 'backup.tar.sealed', { keys });
 */
export async function encryptFile(
  input: FilePlace,
  output: FilePlace,
  options: EncryptFileOptions,
): Promise<FileReport> {
  const { own, streams } = fileOptions(options);
  const { layout, signal } = encryptSettings(streams);
  const onHeader = own.onHeader ?? (() => undefined);
  return runFileJob(input, output, own, signal, async ({ input: from, output: to, sink }, watch) => {
    const settings: EncryptOptions = { ...streams, confirm: streams.confirm ?? (() => assertNotCut(from)) };
    if (layout === 'fixed') {
      const run = new FileEncryption({ source: from.file, sink }, settings, onHeader);
      watch(run);
      return run.run();
    }
    const stream = createEncryptStream(settings).once('header', onHeader);
    watch(stream);
    let appeared: Promise<void> | undefined;
    return throughStream(from.file, stream, sink, () => (appeared ??= to.appear()));
  });
}

/** A source that was truncated during the call must not become a stream that looks whole. */
async function assertNotCut({ stats, look }: FileInput): Promise<void> {
  if (!stats.isFile() || (await look()).size >= stats.size) return;
  throw new Error('The input became shorter while it was read');
}
