import { abortError, onAbort } from '../abort.js';
import { PreambleReader } from '../format/preamble.js';
import type { DecryptOptions } from '../session/decrypt-options.js';
import { decryptSettings } from '../session/decrypt-options.js';
import { createDecryptStream } from '../streams/decrypt-stream.js';
import type { ReadableFile } from './byte-file.js';
import { FileDecryption } from './file-decryption.js';
import type { FileHead } from './file-head.js';
import { PutBack, readHead } from './file-head.js';
import { runFileJob, throughStream } from './file-job.js';
import type { FileOptions, FileReport, ReportedRun } from './file-options.js';
import { fileOptions } from './file-options.js';
import type { FilePlace } from './file-place.js';
import { withSteadyHead } from './heads/steady-head.js';

/** Options of {@link decryptFile}. */
export interface DecryptFileOptions extends DecryptOptions, FileOptions {}

const never = new AbortController().signal;
const nothing = async (): Promise<void> => undefined;

/**
 * Opens a sealed file into another one, faster than a pipeline of streams. An output that is named by its path gets
 * that name only when the whole stream has verified and the file is durable, and is never more accessible than the
 * input; if anything fails, nothing is left behind and an existing file is unchanged. Devices, FIFOs and open files are
 * written directly: after a fault they hold part of the verified plaintext, and only success means that it is complete.
 *
 * @param input is read to its end; an open file from its current position
 * @throws (rejects) like `createDecryptStream`; SealpipeError `ERR_SEALPIPE_EXISTS` if the output exists and
 * `overwrite` is not true, `ERR_SEALPIPE_LOCKED` for a file whose re-wrap was interrupted; the error of the system; an
 * AbortError
 * @example
 * await decryptFile('backup.tar.sealed', 'backup.tar', { keys, overwrite: true });
 */
export async function decryptFile(
  input: FilePlace,
  output: FilePlace,
  options: DecryptFileOptions,
): Promise<FileReport> {
  const { own, streams } = fileOptions(options);
  const { limits, signal } = decryptSettings(streams);
  const onHeader = own.onHeader ?? (() => undefined);
  return runFileJob(input, output, own, signal, ({ input: from, sink }, watch) => {
    let file: ReadableFile | undefined;
    let run: ReportedRun | undefined;
    const begin = <T extends ReportedRun>(begun: T): T => {
      run = begun;
      watch(begun);
      return begun;
    };
    return withSteadyHead({
      read: () => {
        file = file === undefined ? from.file : from.anew!.file();
        return headOf(file, new PreambleReader(limits), signal);
      },
      open: ({ header, bytes }) => {
        const source = new PutBack(bytes, file!);
        if (header.layout === 'fixed')
          return begin(new FileDecryption({ source, sink }, streams, onHeader)).run();
        const stream = begin(createDecryptStream(streams).once('header', onHeader));
        return throughStream(source, stream, sink, nothing);
      },
      isPast: () => run?.header !== undefined || signal?.aborted === true,
      isSteady: from.anew !== undefined,
      path: from.anew?.path,
    });
  });
}

async function headOf(
  file: ReadableFile,
  reader: PreambleReader,
  signal: AbortSignal | undefined,
): Promise<FileHead> {
  const stop = signal ?? never;
  const heard = onAbort(stop, () => file.giveUp?.(stop.reason));
  try {
    return await readHead(file, stop, reader);
  } catch (error) {
    throw stop.aborted ? abortError(stop) : error;
  } finally {
    heard();
  }
}
