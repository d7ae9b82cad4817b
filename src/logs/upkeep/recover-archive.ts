import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { isSealpipeError, optionsTypeError, SealpipeError } from '../../errors.js';
import { PRIVATE_FILE, PRIVATE_FOLDER } from '../../file-system.js';
import type { SealedOptions } from '../../sealed/sealed-options.js';
import { sealedSettings } from '../../sealed/sealed-options.js';
import type { DecryptSettings } from '../../session/decrypt-options.js';
import { isSystemError } from '../../system-error.js';
import type { ArchiveStore } from '../archive/archive-store.js';
import { OpenedSegment } from '../archive/reading/opened-segment.js';
import { SegmentUnits } from '../archive/reading/segment-units.js';
import { openListed, steadySegmentsOf } from '../archive/segment-list.js';
import type { SegmentName } from '../archive/segment-name.js';
import { isArchiveName } from '../archive/segment-name.js';
import type { ArchiveSourceOptions } from '../store/archive-source.js';
import { archiveSource, SOURCE_OPTIONS } from '../store/archive-source.js';
import { LineJoiner } from '../units/line-joiner.js';
import type { WholeLines } from '../units/whole-lines.js';

/** Options of {@link recoverArchive}. */
export interface RecoverArchiveOptions extends SealedOptions, ArchiveSourceOptions {
  /** The id of one of them, 32 hex digits. Default: all. */
  readonly archive?: string | undefined;
  /** The folder for the saved lines, in the clear. It must not exist. */
  readonly output: string;
}

/** The report about a segment. */
export interface RecoveredSegment {
  readonly archive: string;
  readonly name: string;
  /** The name of the file with its lines in `output`; null if the segment could not be opened. */
  readonly file: string | null;
  readonly lines: number;
  /** Whether it has its last frame, so that nothing is missing. */
  readonly whole: boolean;
  /** Bytes after its preamble that verified. */
  readonly offset: number;
  /** Why it was not read to its end; null if it was, or if it only ends early. */
  readonly error: Error | null;
}

/**
 * Saves the lines of damaged archives: those of each segment as far as it verifies, independent of the others. Only
 * each frame by itself is proved authentic.
 *
 * @returns a report for each segment
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_EXISTS` if `output` exists; an AbortError; the error of the system; TypeError
 * or RangeError `ERR_SEALPIPE_OPTIONS`. What fails for one segment is in the report
 */
export async function recoverArchive(options: RecoverArchiveOptions): Promise<readonly RecoveredSegment[]> {
  const { settings, own } = sealedSettings('recoverArchive()', options, {
    ...SOURCE_OPTIONS,
    archive: true,
    output: true,
  });
  const { archive, output, ...place } = own;
  const source = archiveSource(place);
  if (typeof output !== 'string' || output === '') throw optionsTypeError('`output` must be a path');
  if (archive !== undefined && !isArchiveName(String(archive))) {
    throw optionsTypeError('`archive` must be an id of 32 hex digits');
  }
  const { signal = new AbortController().signal } = settings;
  const store = source.open(signal);
  try {
    const archives = archive === undefined ? await store.archives() : [archive];
    await makeOutput(output);
    const saved: RecoveredSegment[] = [];
    for (const id of archives) {
      await mkdir(join(output, id), { mode: PRIVATE_FOLDER });
      for (const name of await steadySegmentsOf(store, id)) {
        saved.push(await saveSegment(store, id, name, settings, output));
      }
    }
    return saved;
  } finally {
    store.close();
  }
}

async function saveSegment(
  store: ArchiveStore,
  archive: string,
  name: SegmentName,
  settings: DecryptSettings,
  output: string,
): Promise<RecoveredSegment> {
  let saved: RecoveredSegment = {
    archive,
    name: name.name,
    file: null,
    lines: 0,
    whole: false,
    offset: 0,
    error: null,
  };
  try {
    const segment = await openListed(store, archive, name, (named) =>
      OpenedSegment.open(store, archive, named, settings),
    );
    try {
      const { name: own } = segment.name;
      const file = join(archive, `${own.replace(/\.[a-z]+$/, '')}.log`);
      const units = new SegmentUnits(segment);
      const sink = await open(join(output, file), 'wx', PRIVATE_FILE);
      saved = { ...saved, name: own, file };
      try {
        for await (const lines of linesOf(units)) {
          await sink.appendFile(lines.text);
          saved = { ...saved, lines: saved.lines + lines.count };
        }
        saved = { ...saved, whole: units.isFinal };
        await sink.sync();
      } finally {
        saved = { ...saved, offset: units.offset };
        await sink.close();
      }
    } finally {
      await segment.close();
    }
  } catch (error) {
    if (!isSealpipeError(error) || isSystemError(error) || isOutage(error)) throw error;
    saved = { ...saved, error };
  }
  return saved;
}

/** The store does not respond at all: the next segment would wait as long in vain. */
function isOutage({ code, retryable }: SealpipeError): boolean {
  return code === 'ERR_SEALPIPE_STORE' && retryable === true;
}

async function* linesOf(units: SegmentUnits): AsyncGenerator<WholeLines, void, void> {
  const joiner = new LineJoiner();
  for await (const { unit } of units.walk()) {
    if (unit.type === 'lines') yield joiner.take(unit);
  }
}

async function makeOutput(output: string): Promise<void> {
  try {
    await mkdir(output, { mode: PRIVATE_FOLDER });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw new SealpipeError('ERR_SEALPIPE_EXISTS', `${output} already exists: nothing was written to it`, {
      cause,
    });
  }
}
