import { abortError, onAbort } from '../../abort.js';
import { ProgressReport } from '../../session/progress.js';
import type { ArchiveStore } from '../archive/archive-store.js';
import { steadySegmentsOf } from '../archive/segment-list.js';
import { archivesToRead, noArchive } from '../reader/archives-to-read.js';
import { ProofBuilder } from './archive-proof.js';
import { examine } from './segment-examination.js';
import type { VerifyArchiveOptions, VerifyArchiveSettings } from './verify-options.js';
import { verifyArchiveSettings } from './verify-options.js';
import type { ArchiveProof, VerifyArchiveReport } from './verify-report.js';

/**
 * Checks the log archives in a folder, offline, after a move, on another machine; or in a bucket. Every segment is opened and read. What
 * is wrong with an archive is part of the report.
 *
 * With keys, the chain proves presence, order and bytes of everything before the last segment. Without keys, the report
 * never says `authenticated`: the files may agree with each other because somebody made all of them. A checkpoint that
 * was kept elsewhere also shows that nothing before it was cut off or written anew.
 *
 * @throws (rejects) what keys, options, `signal`, the system or the store fail with; SealpipeError `ERR_SEALPIPE_ARCHIVE`
 * if there is no archive, or not that of the checkpoint
 * @example
 * const { verified, archives } = await verifyArchive({ directory: '/var/log/app', keys, checkpoint });
 * if (!verified) console.error(archives.flatMap(({ problems }) => problems));
 */
export async function verifyArchive(options: VerifyArchiveOptions): Promise<VerifyArchiveReport> {
  const settings = verifyArchiveSettings(options);
  const { signal } = settings;
  if (signal?.aborted) throw abortError(signal);
  const stopping = new AbortController();
  const end =
    signal === undefined ? () => undefined : onAbort(signal, () => stopping.abort(abortError(signal)));
  const store = settings.source.open(stopping.signal);
  try {
    return await verified(store, settings, stopping.signal);
  } catch (error) {
    throw stopping.signal.aborted ? stopping.signal.reason : error;
  } finally {
    store.close();
    end();
  }
}

async function verified(
  store: ArchiveStore,
  settings: VerifyArchiveSettings,
  stop: AbortSignal,
): Promise<VerifyArchiveReport> {
  const ids = await archivesToRead(store, settings);
  if (ids.length === 0) throw noArchive(settings);
  const progress = new ProgressReport(settings.onProgress);
  const done = { bytesIn: 0, lines: 0 };
  const archives: ArchiveProof[] = [];
  for (const archive of ids) archives.push(await proofOf(archive));
  progress.end(done.bytesIn, done.lines);
  return {
    verified: archives.every((proof) => proof.verified),
    authenticated: archives.every((proof) => proof.authenticated),
    closed: archives.every((proof) => proof.closed),
    archives,
  };

  async function proofOf(archive: string): Promise<ArchiveProof> {
    const checkpoint = settings.checkpoint?.archive === archive ? settings.checkpoint : undefined;
    const names = await steadySegmentsOf(store, archive);
    const builder = new ProofBuilder(archive, {
      checkpoint,
      stored: await store.storedElsewhere(archive),
      hasKeys: settings.decrypt !== undefined,
    });
    const terms = { store, archive, settings: settings.decrypt, limits: settings.limits, stop };
    for (const name of names) {
      const at = checkpoint?.index === name.index ? checkpoint.offset : undefined;
      const isLast = name.index === names.at(-1)!.index;
      const one = await examine(terms, name, { at, isLast });
      if (stop.aborted) throw stop.reason;
      builder.add(one);
      done.bytesIn += one.size;
      done.lines += one.contents?.lines ?? 0;
      progress.tell(done.bytesIn, done.lines);
    }
    return builder.build();
  }
}
