import type { BigIntStats } from 'node:fs';
import { abortError } from '../abort.js';
import { optionsTypeError } from '../errors.js';
import type { WritableFile } from './byte-file.js';
import type { FilePlace } from './file-place.js';
import { openedBy, pathOf } from './file-place.js';
import { refusal } from './replace-file/file-fault.js';
import { assertReplaceable, openFound } from './replace-file/open-target.js';
import { opennessOf } from './replace-file/openness.js';
import type { OutputTarget } from './replace-file/output-target.js';
import { outputTarget } from './replace-file/output-target.js';
import { TemporaryFile } from './replace-file/temporary-file.js';

/**
 * An output file. If it was opened here by its path, it gets its name only when it is whole, or when `appear` is
 * called.
 */
export interface FileOutput {
  readonly file: WritableFile;
  /** Gives the file its name before it is whole, so that readers can follow it. From now on it stays in every case. */
  appear(): Promise<void>;
  /** After the last byte: makes the file durable under its name. */
  commit(): Promise<void>;
  /** After a failure: leaves no file, unless it has appeared. Never rejects. */
  discard(): Promise<void>;
}

/** How to open the output. */
export interface OutputTerms {
  /** Whether an existing file may be replaced. */
  readonly overwrite: boolean;
  /** Facts of the input: the output must be another file and not more accessible. */
  readonly source: BigIntStats;
  readonly signal: AbortSignal | undefined;
}

const never = new AbortController().signal;
const nothing = async (): Promise<void> => undefined;
const NEW_FILE = 0o666;

/**
 * Opens the output. A regular file, existing or new, is written under a temporary name beside it.
 *
 * @throws (rejects) TypeError `ERR_SEALPIPE_OPTIONS`; SealpipeError `ERR_SEALPIPE_EXISTS`; the error of the system
 */
export async function openFileOutput(place: FilePlace, terms: OutputTerms): Promise<FileOutput> {
  const given = openedBy(place);
  if (given !== undefined) {
    assertNotSame(await given.look(), terms.source);
    return { file: given.file, appear: nothing, commit: nothing, discard: nothing };
  }
  const path = pathOf(place, 'output');
  if (/[\\/]$/.test(path)) throw refusal('is-folder', path);
  const target = await outputTarget(path, terms.overwrite);
  try {
    const { found } = target;
    if (found?.isDirectory()) throw refusal('is-folder', path);
    if (found !== undefined) assertNotSame(found, terms.source);
    if (found !== undefined && !found.isFile()) return await directOutput(path, target);
    await assertReplaceable(path, target, terms.overwrite);
    return await replacement(path, target, terms);
  } catch (error) {
    await target.folder.release();
    throw error;
  }
}

async function directOutput(path: string, target: OutputTarget): Promise<FileOutput> {
  const handle = await openFound(path, target);
  await target.folder.release();
  return {
    file: handle,
    appear: nothing,
    commit: () => handle.close(),
    discard: () => handle.close().catch(() => undefined),
  };
}

async function replacement(path: string, target: OutputTarget, terms: OutputTerms): Promise<FileOutput> {
  const { overwrite, source, signal } = terms;
  const before = target.found && opennessOf(target.found);
  const temporary = await TemporaryFile.make({
    path,
    target,
    force: overwrite,
    mode: before?.mode ?? NEW_FILE & ~process.umask(),
    notMoreOpenThan: [before, source.isFile() ? opennessOf(source) : undefined],
    signal: signal ?? never,
    onLeft: () => undefined,
  });
  const appear = async () => {
    try {
      await temporary.takeName();
    } catch (error) {
      throw signal?.aborted && !temporary.isNamed ? abortError(signal) : error;
    }
  };
  return {
    file: temporary.handle,
    appear,
    async commit() {
      try {
        await (temporary.isNamed ? temporary.handle.sync() : appear());
      } finally {
        await temporary.release();
      }
    },
    async discard() {
      if (temporary.isNamed) await temporary.handle.sync().catch(() => undefined);
      await temporary.release();
    },
  };
}

function assertNotSame(output: BigIntStats, source: BigIntStats): void {
  const isSame = output.isFile() && output.dev === source.dev && output.ino === source.ino;
  if (isSame) throw optionsTypeError('The output is the file that is read');
}
