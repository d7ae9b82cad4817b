import { join } from 'node:path';
import { equalBytes } from '../../bytes.js';
import type { FileSystem } from '../../file-system.js';
import { notOneArchive } from '../archive/archive-fault.js';
import type { SegmentName } from '../archive/segment-name.js';
import type { PredecessorRecord } from '../units/control-record.js';
import type { Acknowledgement } from './acknowledgement.js';
import { readAcknowledgement } from './acknowledgement.js';
import type { ArchivePlace, FoundArchive } from './archive-folder.js';
import { archivesIn, lastOf, makeArchive, removeUnfinished } from './archive-folder.js';
import { settleSegment } from './found-segment.js';
import type { StoredSegment } from './stored-file.js';
import { readStored } from './stored-file.js';

/** The end of an archive, at which the next segment follows. */
export interface ArchiveEnd {
  /** The archive's id. */
  readonly archive: Buffer;
  /** Of the archive. */
  readonly folder: string;
  /** Of the next segment. */
  readonly index: number;
  /** The digest of the previous segment, which the next one names. */
  readonly previous: Buffer;
  /** The next segment's record about that segment, or undefined. */
  readonly predecessor: PredecessorRecord | undefined;
  /** The last acknowledgement; undefined if none is known. */
  readonly acknowledged: Acknowledgement | undefined;
}

/** The last segment of an archive, in its folder or in a store. */
export interface LastSegment extends StoredSegment {
  /** Whether it holds everything that was acknowledged. */
  readonly holds: boolean;
}

/** An archive that is not closed, and its last segment. */
export interface OpenArchive {
  readonly archive: FoundArchive;
  readonly acknowledged: Acknowledgement | undefined;
  /** The last segment known to be in a store; files up to it may have been removed. */
  readonly stored: StoredSegment | undefined;
  /** Undefined if it has no segment. */
  readonly last: LastSegment | undefined;
}

const DIGEST_SIZE = 32;
const NO_DIGEST = Buffer.alloc(DIGEST_SIZE);

/**
 * Finds the archive that a writer continues, makes its last segment durable and checks that it holds everything that
 * was acknowledged. If there is none, or all are closed, a new archive begins. The lock of the folder must be held.
 *
 * @param acceptLoss continues an archive that holds less than was acknowledged
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE`; the error of the system
 */
export async function startArchive(place: ArchivePlace, acceptLoss: boolean): Promise<ArchiveEnd> {
  const open = await openArchive(place);
  if (open !== undefined) return goOn(place.files, open, acceptLoss);
  return endOf(await makeArchive(place), undefined, undefined, false);
}

/** The end of an archive. @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE` for a loss that is not accepted */
export async function goOn(files: FileSystem, open: OpenArchive, acceptLoss: boolean): Promise<ArchiveEnd> {
  const { archive, acknowledged, last } = open;
  const loss = acknowledged !== undefined && !(await isThere(files, open, acknowledged));
  if (loss && !acceptLoss) throw lossOf(archive, acknowledged);
  return endOf(archive, last, acknowledged, loss);
}

/** The only archive in a folder that is not closed, with its last segment durable; or undefined. */
export async function openArchive(place: ArchivePlace): Promise<OpenArchive | undefined> {
  const open: OpenArchive[] = [];
  for (const archive of await archivesIn(place)) {
    await removeUnfinished(place.files, archive);
    const acknowledged = await readAcknowledgement(place.files, archive.folder);
    const stored = await readStored(place.files, archive.folder);
    const last = await lastSegment(place.files, archive, acknowledged, stored);
    if (!(last?.closed && last.whole)) open.push({ archive, acknowledged, stored, last });
  }
  // An archive that never got a segment is ignored if there is another.
  const begun = open.filter(({ last, acknowledged }) => last !== undefined || acknowledged !== undefined);
  if (begun.length > 1) throw tooMany(begun.map(({ archive }) => archive.name));
  return begun[0] ?? open[0];
}

/** From the folder if it exists there, otherwise from the store. */
async function lastSegment(
  files: FileSystem,
  archive: FoundArchive,
  acknowledged: Acknowledgement | undefined,
  stored: StoredSegment | undefined,
): Promise<LastSegment | undefined> {
  const name = lastOf(archive);
  if (name === undefined || (stored !== undefined && stored.index > name.index)) {
    if (stored === undefined) return undefined;
    const holds = acknowledged?.index !== stored.index || acknowledged.offset <= stored.offset;
    return { ...stored, holds };
  }
  const last = await settled(files, archive, name, acknowledged);
  if (stored?.index === last.index && !equalBytes(stored.digest, last.digest)) {
    throw notOneArchive(`${join(archive.folder, name.name)} is not the segment that was stored`);
  }
  return last;
}

async function settled(
  files: FileSystem,
  { name: id, folder }: FoundArchive,
  { name, index }: SegmentName,
  acknowledged: Acknowledgement | undefined,
): Promise<LastSegment> {
  const covering = acknowledged?.index === index ? acknowledged : undefined;
  const { header, offset, digest, whole, holds } = await settleSegment({ files, folder }, name, covering);
  const { chain } = header;
  if (chain?.index !== index || Buffer.from(chain.archive).toString('hex') !== id) {
    throw notOneArchive(`${join(folder, name)} is not the segment that its name says`);
  }
  return { index, offset, digest, whole, closed: chain.closed === true, holds };
}

async function isThere(
  files: FileSystem,
  { archive: { folder, segments }, stored, last }: OpenArchive,
  acknowledged: Acknowledgement,
): Promise<boolean> {
  if (acknowledged.index === last?.index) return last.holds;
  if (stored !== undefined && acknowledged.index <= stored.index) return true;
  const segment = segments.find(({ index }) => index === acknowledged.index);
  if (segment === undefined) return false;
  const facts = await files.facts(join(folder, segment.name));
  return facts !== undefined && facts.size >= acknowledged.offset;
}

function endOf(
  { name, folder }: FoundArchive,
  last: LastSegment | undefined,
  acknowledged: Acknowledgement | undefined,
  loss: boolean,
): ArchiveEnd {
  const archive = Buffer.from(name, 'hex');
  if (last === undefined && acknowledged === undefined) {
    return { archive, folder, index: 0, previous: NO_DIGEST, predecessor: undefined, acknowledged };
  }
  // A used index is never reused, even if its segment is lost.
  const used = Math.max(last?.index ?? 0, acknowledged?.index ?? 0);
  const before = used === last?.index ? last : { offset: 0, whole: false };
  return {
    archive,
    folder,
    index: used + 1,
    previous: last?.digest ?? NO_DIGEST,
    predecessor: predecessorOf(used, before, acknowledged, loss),
    acknowledged,
  };
}

/** The record of a segment about the previous one. */
export function predecessorOf(
  index: number,
  { offset, whole }: Pick<LastSegment, 'offset' | 'whole'>,
  acknowledged: Acknowledgement | undefined,
  loss: boolean,
): PredecessorRecord {
  const place = acknowledged && {
    index: acknowledged.index,
    offset: acknowledged.offset,
    records: acknowledged.records,
  };
  return { kind: 'predecessor', index, offset, whole, acknowledged: place ?? null, loss };
}

function tooMany(names: readonly string[]): Error {
  return notOneArchive(
    `the folder has more than one archive that is not closed: ${names.join(', ')}`,
    'Move all but one to other folders',
  );
}

function lossOf({ folder }: FoundArchive, { index, offset }: Acknowledgement): Error {
  return notOneArchive(
    `${folder} holds less than was acknowledged as durable: segment ${index} up to byte ${offset} behind its preamble`,
    'Put back what is missing; or go on without it, and have the loss recorded: acceptLoss (--accept-loss)',
  );
}
