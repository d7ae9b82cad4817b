import { dirname } from 'node:path';
import { abortError, onAbort } from '../../abort.js';
import type { FileSystem } from '../../file-system.js';
import { systemFiles } from '../../files/heads/system-files.js';
import type { Processes } from '../archive/lock/process-identity.js';
import { systemProcesses } from '../archive/lock/process-identity.js';
import { clearAfterLock, lockFolder } from '../archive/lock/writer-lock.js';
import { startArchive } from '../segments/archive-start.js';
import { withoutFolderFault } from '../segments/segment-file.js';
import { leftSegments } from '../upload/spooled-segment.js';
import { publishLog } from './log-diagnostics.js';
import type { LogWriter } from './log-writer.js';
import type { LogSettings, LogWriterOptions } from './options/log-options.js';
import { logSettings } from './options/log-options.js';
import { SegmentChain } from './pump/segment-chain.js';
import { Succession } from './pump/succession.js';
import { RunningWriter } from './running-writer.js';
import type { UploadPacing } from './spool/spool.js';
import { PACING } from './spool/spool.js';

/** The machine of a writer. */
export interface Machine {
  readonly files: FileSystem;
  readonly processes: Processes;
}

/** The machine of this process. */
export function thisMachine(): Machine {
  return { files: systemFiles, processes: systemProcesses() };
}

/**
 * Opens the archive in a folder for writing: continues the existing one, even after a crash, or begins one. A folder
 * has at most one writer. The key call of the first segment is made here. Segments are never opened, so a writer needs
 * no permission to unwrap.
 *
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_LOCKED` if another writer is active, `ERR_SEALPIPE_ARCHIVE` if the
 * archive is damaged or has lost what was acknowledged, `ERR_SEALPIPE_KEY_NOT_FOUND`, `_KEY_DENIED`, `_KEY_UNAVAILABLE`
 * or `_TIMEOUT` if a key call failed; the error of the system; an AbortError; TypeError or RangeError for options that
 * are not legal
 * @example
 * await using writer = await openLogWriter({ keys, directory: 'audit' });
 * writer.append('started');
 */
export async function openLogWriter(options: LogWriterOptions): Promise<LogWriter> {
  return openOn(thisMachine(), logSettings(options));
}

/** The same on a given machine. @param pacing of uploads */
export async function openOn(
  { files, processes }: Machine,
  settings: LogSettings,
  pacing: UploadPacing = PACING,
): Promise<RunningWriter> {
  const { directory, signal, acceptLoss, singleWriter, store } = settings;
  if (signal?.aborted) throw abortError(signal);
  await makeDirectory(files, directory);
  const place = { files, processes, directory };
  const lock = await lockFolder(place, singleWriter);
  let opened: Succession | SegmentChain | undefined;
  let stopListening = (): void => undefined;
  try {
    await clearAfterLock(place);
    const end = await startArchive(place, acceptLoss);
    const next = new Succession(settings, files, end);
    opened = next;
    if (end.predecessor === undefined) publishLog({ event: 'begun', archive: next.archive, index: 0 });
    if (signal !== undefined) stopListening = onAbort(signal, () => next.close(abortError(signal)));
    const first = await next.open();
    const chain = new SegmentChain(settings, files, next, first);
    opened = chain;
    // Accepting a loss applies only once.
    if (end.predecessor?.loss) await chain.settle();
    const { archive, folder } = next;
    const left = store === undefined ? [] : await leftSegments(place, archive, first.index);
    if (signal?.aborted) throw abortError(signal);
    return new RunningWriter(settings, {
      archive,
      chain,
      lock,
      frameSize: settings.sealing.frameSize!,
      spool: store && { place: { files, archive, folder, left }, store, pacing },
    });
  } catch (error) {
    await opened?.close(error);
    await lock.release();
    throw withoutFolderFault(error);
  } finally {
    stopListening();
  }
}

async function makeDirectory(files: FileSystem, directory: string): Promise<void> {
  if ((await files.facts(directory)) !== undefined) return;
  await files.makeFolder(directory);
  await files.syncFolder(dirname(directory));
}
