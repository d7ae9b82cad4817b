import { join } from 'node:path';
import { equalBytes } from '../../bytes.js';
import { optionsTypeError } from '../../errors.js';
import type { SealedOptions } from '../../sealed/sealed-options.js';
import { sealedSettings } from '../../sealed/sealed-options.js';
import type { DecryptSettings } from '../../session/decrypt-options.js';
import { notOneArchive } from '../archive/archive-fault.js';
import { FolderStore } from '../archive/archive-store.js';
import type { Checkpoint } from '../archive/checkpoint.js';
import { OpenedSegment } from '../archive/opened-segment.js';
import { sealedIndex } from '../archive/sealed-index.js';
import { SegmentDigest } from '../archive/segment-digest.js';
import { assertNoFork, segmentsOf } from '../archive/segment-list.js';
import { isArchiveName } from '../archive/segment-name.js';
import { SegmentUnits } from '../archive/segment-units.js';
import type { Machine } from '../writer/open-log-writer.js';
import { thisMachine } from '../writer/open-log-writer.js';
import { lockUnlessInUse } from './lock-unless-in-use.js';

/** Options of {@link pruneArchive}. */
export interface PruneArchiveOptions extends SealedOptions {
  /** The folder of the archives. */
  readonly directory: string;
  /** The id of the archive, 32 hex digits. */
  readonly archive: string;
  /** Milliseconds since 1970: segments go that hold nothing from then on. */
  readonly before: number;
  /**
   * Keeps the checkpoint of the last segment that is to go, durably: with it, the rest of the archive verifies. Nothing is
   * removed before it resolves, or if it rejects.
   */
  readonly keep: (checkpoint: Checkpoint) => Promise<void>;
  /** Removes and keeps nothing. */
  readonly dryRun?: boolean | undefined;
  /** Nobody else writes to the folder: needed on NFS. */
  readonly singleWriter?: boolean | undefined;
}

/** What went, or would go. */
export interface PruneArchiveReport {
  readonly removed: readonly string[];
  /** Of the last of them; null if none goes. */
  readonly checkpoint: Checkpoint | null;
}

/** The next start of a writer looks at what was written last: these stay. */
const KEPT = 2;
const PIECE = 1_048_576;

/**
 * Removes segments at the front of an archive, as far as their authentic times, and those of all before them, lie before
 * a moment. The last two stay. A writer may be at work.
 *
 * @throws (rejects) like the opening of a stream; SealpipeError `ERR_SEALPIPE_ARCHIVE` for segments that do not hold
 * together: nothing was removed then; TypeError `ERR_SEALPIPE_OPTIONS`; the error of the system
 */
export async function pruneArchive(
  options: PruneArchiveOptions,
  machine: Machine = thisMachine(),
): Promise<PruneArchiveReport> {
  const { settings, own } = sealedSettings('pruneArchive()', options, {
    directory: true,
    archive: true,
    before: true,
    keep: true,
    dryRun: true,
    singleWriter: true,
  });
  const { directory, archive, before, keep, dryRun, singleWriter } = own;
  if (typeof directory !== 'string' || directory === '') throw optionsTypeError('`directory` must be a path');
  if (!isArchiveName(String(archive))) throw optionsTypeError('`archive` must be an id of 32 hex digits');
  if (!Number.isFinite(before)) throw optionsTypeError('`before` must be a number of milliseconds');
  if (typeof keep !== 'function') throw optionsTypeError('`keep` must be a function');
  const lock = await lockUnlessInUse({ ...machine, directory }, singleWriter === true);
  try {
    const found = await front(new FolderStore(directory), archive, before, settings);
    const checkpoint = found.at(-1)?.checkpoint ?? null;
    if (checkpoint !== null && dryRun !== true) {
      await keep(checkpoint);
      const folder = join(directory, archive);
      for (const { name } of found) await machine.files.unlink(join(folder, name));
      await machine.files.syncFolder(folder);
    }
    return { removed: found.map(({ name }) => name), checkpoint };
  } finally {
    await lock?.release();
  }
}

interface Old {
  readonly name: string;
  readonly checkpoint: Checkpoint;
}

/** The segments that go. Each is chained to the next one. */
async function front(
  store: FolderStore,
  archive: string,
  before: number,
  settings: DecryptSettings,
): Promise<Old[]> {
  const segments = await segmentsOf(store, archive);
  assertNoFork(segments);
  const found: Old[] = [];
  let previous: Buffer | undefined;
  for (const [i, name] of segments.entries()) {
    const segment = await OpenedSegment.open(store, archive, name, settings);
    try {
      const { chain } = segment.header;
      const isNext = i === 0 || segments[i - 1]!.index + 1 === chain.index;
      if (!isNext || (previous !== undefined && !equalBytes(previous, chain.previous))) {
        throw notOneArchive(`${name.name} does not follow the segment before it`);
      }
      if (i >= segments.length - KEPT) break;
      const { last, records } = await contentOf(segment);
      if (last >= before) break;
      const { digest, offset } = await digestOf(segment);
      previous = digest;
      const checkpoint = {
        archive,
        index: chain.index,
        offset,
        digest: digest.toString('hex'),
        records,
        closed: false,
      };
      found.push({ name: name.name, checkpoint });
    } finally {
      await segment.close();
    }
  }
  return found;
}

/** The latest time in a segment, and its lines: by its index, or by reading it. */
async function contentOf(segment: OpenedSegment): Promise<{ last: number; records: number }> {
  const index = await sealedIndex(segment);
  if (index?.type === 'empty') return { last: 0, records: 0 };
  if (index !== undefined) return { last: index.last, records: index.records };
  let [last, records] = [0, 0];
  for await (const { unit } of new SegmentUnits(segment).walk()) {
    last = Math.max(last, unit.last);
    if (unit.type === 'lines') records += unit.lines;
  }
  return { last, records };
}

async function digestOf(segment: OpenedSegment): Promise<{ digest: Buffer; offset: number }> {
  const digest = new SegmentDigest();
  const size = await segment.size();
  for (let at = 0; at < size; at += PIECE) digest.update(await segment.read(at, Math.min(size, at + PIECE)));
  return { digest: digest.digest(), offset: digest.offset };
}
