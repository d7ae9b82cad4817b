import { join } from 'node:path';
import { abortError } from '../../abort.js';
import { isSealpipeError, optionsTypeError } from '../../errors.js';
import type { FileSystem } from '../../file-system.js';
import { rewrapOn } from '../../sealed/rewrapping/rewrap.js';
import type { RewrapOptions } from '../../sealed/rewrapping/rewrap-options.js';
import { rewrapSettings } from '../../sealed/rewrapping/rewrap-options.js';
import type { RewrapReport } from '../../sealed/rewrapping/rewrap-report.js';
import { isArchiveName } from '../archive/segment-name.js';
import { archivesIn } from '../segments/archive-folder.js';
import type { Machine } from '../writer/open-log-writer.js';
import { thisMachine } from '../writer/open-log-writer.js';
import { lockUnlessInUse } from './lock-unless-in-use.js';

/** Options of {@link rewrapArchive}: those of `rewrap`, and the segments. */
export interface RewrapArchiveOptions extends RewrapOptions {
  /** The folder of the archives. */
  readonly directory: string;
  /** The id of one of them. Default: all. */
  readonly archive?: string | undefined;
  /** Nobody else writes to the folder: needed on NFS. */
  readonly singleWriter?: boolean | undefined;
  /** Called before each segment. */
  readonly onProgress?:
    | ((progress: { readonly segments: number; readonly total: number }) => void)
    | undefined;
}

/** The result for a segment. */
export interface RewrappedSegment {
  readonly archive: string;
  readonly name: string;
  /** Absent if it failed. */
  readonly report?: RewrapReport;
  /** The error; the segment is unchanged. */
  readonly error?: unknown;
}

/** The results for the segments. */
export interface RewrapArchiveReport {
  readonly segments: readonly RewrappedSegment[];
  /** Segments that a writer was writing, which keep their recipients. */
  readonly skipped: readonly string[];
  /** Segments that were no longer in the folder when their turn came: a writer removes those that are in S3. */
  readonly gone: readonly string[];
}

/**
 * Changes the recipients of the segments of archives, one after the other. No digest changes, so the archive still
 * verifies. Holds the lock of the folder; if a writer holds it, the last segment of each archive is skipped.
 *
 * @throws (rejects) TypeError or RangeError `ERR_SEALPIPE_OPTIONS`; an AbortError; the error of the system. What fails
 * for one segment is in the report
 */
export async function rewrapArchive(
  options: RewrapArchiveOptions,
  { files, processes }: Machine = thisMachine(),
): Promise<RewrapArchiveReport> {
  if (typeof options !== 'object' || options === null)
    throw optionsTypeError('rewrapArchive() takes an object of options');
  const { directory, archive, singleWriter, onProgress, ...rewrapping } = options;
  rewrapSettings(rewrapping);
  if (typeof directory !== 'string' || directory === '') throw optionsTypeError('`directory` must be a path');
  if (archive !== undefined && !isArchiveName(archive))
    throw optionsTypeError('`archive` must be an id of 32 hex digits');
  const lock = await lockUnlessInUse({ files, processes, directory }, singleWriter === true);
  try {
    const found = (await archivesIn({ files, directory })).filter(
      ({ name }) => archive === undefined || name === archive,
    );
    const skipped: string[] = [];
    const todo = found.flatMap(({ name: id, folder, segments }) =>
      segments.flatMap(({ name }, i) => {
        const isLeft = lock === undefined && i === segments.length - 1;
        if (isLeft) skipped.push(name);
        return isLeft ? [] : [{ id, name, path: join(folder, name) }];
      }),
    );
    const segments: RewrappedSegment[] = [];
    const gone: string[] = [];
    for (const { id, name, path } of todo) {
      const { signal } = rewrapping;
      if (signal?.aborted) throw abortError(signal);
      onProgress?.({ segments: segments.length + gone.length, total: todo.length });
      const outcome = await outcomeOf(files, path, rewrapping);
      if (outcome === 'gone') gone.push(name);
      else segments.push({ archive: id, name, ...outcome });
    }
    return { segments, skipped, gone };
  } finally {
    await lock?.release();
  }
}

async function outcomeOf(
  files: FileSystem,
  path: string,
  options: RewrapOptions,
): Promise<Pick<RewrappedSegment, 'report' | 'error'> | 'gone'> {
  try {
    return { report: await rewrapOn(files, path, options) };
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    if ((await files.facts(path)) === undefined) return 'gone';
    if (!isSealpipeError(error)) throw error;
    return { error };
  }
}
