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

/** Where the next segment of an archive goes. */
export interface ArchiveEnd {
  /** The archive's id. */
  readonly archive: Buffer;
  /** Of the archive. */
  readonly folder: string;
  /** Of the next segment. */
  readonly index: number;
  /** What it names as the digest of the segment before it. */
  readonly previous: Buffer;
  /** What it says of that segment, or undefined. */
  readonly predecessor: PredecessorRecord | undefined;
  /** What was acknowledged as durable last; undefined if nothing is known to be. */
  readonly acknowledged: Acknowledgement | undefined;
}

/** The last segment of an archive, in its folder or in a store. */
export interface LastSegment extends StoredSegment {
  /** Whether all of it is there that was acknowledged. */
  readonly holds: boolean;
}

/** An archive that is not closed, and what was found at its end. */
export interface OpenArchive {
  readonly archive: FoundArchive;
  readonly acknowledged: Acknowledgement | undefined;
  /** Up to where its segments are in a store, whose files may be gone. */
  readonly stored: StoredSegment | undefined;
  /** Undefined if it has no segment. */
  readonly last: LastSegment | undefined;
}

const DIGEST_SIZE = 32;
const NO_DIGEST = Buffer.alloc(DIGEST_SIZE);

/**
 * Finds the archive that a writer goes on with, makes its last segment durable and sees whether it holds what was
 * acknowledged. Without one, or if all of them are closed, a new archive begins. The lock of the folder is held.
 *
 * @param acceptLoss goes on with an archive that holds less than was acknowledged
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE`; the error of the system
 */
export async function startArchive(place: ArchivePlace, acceptLoss: boolean): Promise<ArchiveEnd> {
  const open = await openArchive(place);
  if (open !== undefined) return goOn(place.files, open, acceptLoss);
  return endOf(await makeArchive(place), undefined, undefined, false);
}

/** Where an archive goes on. @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE` for a loss that is not accepted */
export async function goOn(files: FileSystem, open: OpenArchive, acceptLoss: boolean): Promise<ArchiveEnd> {
  const { archive, acknowledged, last } = open;
  const loss = acknowledged !== undefined && !(await isThere(files, open, acknowledged));
  if (loss && !acceptLoss) throw lossOf(archive, acknowledged);
  return endOf(archive, last, acknowledged, loss);
}

/** The one archive in a folder that is not closed, settled, or undefined. */
export async function openArchive(place: ArchivePlace): Promise<OpenArchive | undefined> {
  const open: OpenArchive[] = [];
  for (const archive of await archivesIn(place)) {
    await removeUnfinished(place.files, archive);
    const acknowledged = await readAcknowledgement(place.files, archive.folder);
    const stored = await readStored(place.files, archive.folder);
    const last = await lastSegment(place.files, archive, acknowledged, stored);
    if (!(last?.closed && last.whole)) open.push({ archive, acknowledged, stored, last });
  }
  // One that never got a segment is of no use beside another.
  const begun = open.filter(({ last, acknowledged }) => last !== undefined || acknowledged !== undefined);
  if (begun.length > 1) throw tooMany(begun.map(({ archive }) => archive.name));
  return begun[0] ?? open[0];
}

/** In the folder, if it is there; else in the store. */
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
  // An index that was used once is not used again, even if its segment is lost.
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

/** What a segment says of the one before it. */
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
