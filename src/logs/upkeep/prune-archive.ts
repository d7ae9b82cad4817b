import { join } from 'node:path';
import { equalBytes } from '../../bytes.js';
import { optionsTypeError } from '../../errors.js';
import type { SealedOptions } from '../../sealed/sealed-options.js';
import { sealedSettings } from '../../sealed/sealed-options.js';
import type { DecryptSettings } from '../../session/decrypt-options.js';
import { notOneArchive } from '../archive/archive-fault.js';
import type { ArchiveStore } from '../archive/archive-store.js';
import type { Checkpoint } from '../archive/checkpoint.js';
import { OpenedSegment } from '../archive/reading/opened-segment.js';
import { sealedIndex } from '../archive/reading/sealed-index.js';
import { inSegment } from '../archive/reading/segment-fault.js';
import { SegmentUnits } from '../archive/reading/segment-units.js';
import { SegmentDigest } from '../archive/segment-digest.js';
import { assertNoFork, openListed, steadySegmentsOf } from '../archive/segment-list.js';
import { isArchiveName } from '../archive/segment-name.js';
import { onItsWay } from '../archive/stored-index.js';
import type { ArchiveSourceOptions } from '../store/archive-source.js';
import { archiveSource, SOURCE_OPTIONS } from '../store/archive-source.js';
import type { Machine } from '../writer/open-log-writer.js';
import { thisMachine } from '../writer/open-log-writer.js';
import { lockUnlessInUse } from './lock-unless-in-use.js';

/** Options of {@link pruneArchive}. */
export interface PruneArchiveOptions extends SealedOptions, ArchiveSourceOptions {
  /** The id of the archive, 32 hex digits. */
  readonly archive: string;
  /** Milliseconds since 1970: segments are removed if all of their lines are older. */
  readonly before: number;
  /**
   * Stores the checkpoint of the last segment to be removed, durably. With it, the rest of the archive verifies.
   * Nothing is removed before it resolves, or if it rejects.
   */
  readonly keep: (checkpoint: Checkpoint) => Promise<void>;
  /** Only reports: calls no `keep` and removes nothing. */
  readonly dryRun?: boolean | undefined;
  /** You assert that nobody else writes to the folder. Needed on NFS. */
  readonly singleWriter?: boolean | undefined;
}

/** What was removed, or would be. */
export interface PruneArchiveReport {
  readonly removed: readonly string[];
  /** The checkpoint of the last removed segment; null if none is removed. */
  readonly checkpoint: Checkpoint | null;
  /**
   * The error that ended the removal early: then `checkpoint` is not the one that `keep` stored. Null if all were
   * removed.
   */
  readonly failure: Error | null;
  /** Whether versions of the removed objects are still in the bucket. */
  readonly keepsVersions: boolean;
}

/** These segments stay, because the next start of a writer reads the newest ones. */
const KEPT = 2;
const PIECE = 1_048_576;

/**
 * Removes segments at the beginning of an archive whose authentic times, and those of all segments before them, are
 * older than a given time. The last two segments stay. A writer may be running. In a bucket with versioning, old
 * versions stay.
 *
 * @throws (rejects) like the opening of a stream; SealpipeError `ERR_SEALPIPE_ARCHIVE` for inconsistent segments, and
 * then nothing is removed; `ERR_SEALPIPE_STORE`; TypeError `ERR_SEALPIPE_OPTIONS`; the error of the system. An error
 * during the removal is in the report
 */
export async function pruneArchive(
  options: PruneArchiveOptions,
  machine: Machine = thisMachine(),
): Promise<PruneArchiveReport> {
  const { settings, own } = sealedSettings('pruneArchive()', options, {
    ...SOURCE_OPTIONS,
    archive: true,
    before: true,
    keep: true,
    dryRun: true,
    singleWriter: true,
  });
  const { archive, before, keep, dryRun, singleWriter, ...place } = own;
  const source = archiveSource(place);
  if (!isArchiveName(String(archive))) throw optionsTypeError('`archive` must be an id of 32 hex digits');
  if (!Number.isFinite(before)) throw optionsTypeError('`before` must be a number of milliseconds');
  if (typeof keep !== 'function') throw optionsTypeError('`keep` must be a function');
  if (singleWriter === true && source.directory === undefined) {
    throw optionsTypeError('`singleWriter` is for folders: a bucket has no lock');
  }
  const { directory } = source;
  const lock = directory && (await lockUnlessInUse({ ...machine, directory }, singleWriter === true));
  const store = source.open(settings.signal ?? new AbortController().signal);
  try {
    const found = await front(store, archive, before, settings);
    const checkpoint = found.at(-1)?.checkpoint ?? null;
    if (checkpoint === null || dryRun === true) {
      return { removed: found.map(({ name }) => name), checkpoint, failure: null, keepsVersions: false };
    }
    await keep(checkpoint);
    const report = await remove(store, archive, found);
    if (directory !== undefined) await machine.files.syncFolder(join(directory, archive));
    return report;
  } finally {
    store.close();
    if (lock) await lock.release();
  }
}

/** Removes from the beginning, so that the rest has no gap even if the removal stops early. */
async function remove(
  store: ArchiveStore,
  archive: string,
  found: readonly Old[],
): Promise<PruneArchiveReport> {
  const removed: string[] = [];
  let checkpoint: Checkpoint | null = null;
  let keepsVersions = false;
  for (const one of found) {
    try {
      const gone = await store.remove(archive, one.name);
      keepsVersions ||= gone.keepsVersions;
    } catch (error) {
      return { removed, checkpoint, failure: inSegment(error, one.name) as Error, keepsVersions };
    }
    removed.push(one.name);
    checkpoint = one.checkpoint;
  }
  return { removed, checkpoint, failure: null, keepsVersions };
}

interface Old {
  readonly name: string;
  readonly checkpoint: Checkpoint;
}

/** The segments to remove. Each is chained to the next one. */
async function front(
  store: ArchiveStore,
  archive: string,
  before: number,
  settings: DecryptSettings,
): Promise<Old[]> {
  const stored = await store.storedElsewhere(archive);
  // A segment that is removed here is never uploaded, so the archive in the store would have a gap.
  if (stored !== undefined) throw onItsWay(archive, stored);
  const segments = await steadySegmentsOf(store, archive);
  assertNoFork(segments);
  const found: Old[] = [];
  let previous: Buffer | undefined;
  for (const [i, name] of segments.entries()) {
    const segment = await openListed(store, archive, name, (named) =>
      OpenedSegment.open(store, archive, named, settings),
    );
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

/** The latest time in a segment and its number of lines, from its index or by reading it. */
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
