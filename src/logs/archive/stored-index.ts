import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { SealpipeError } from '../../errors.js';
import { notOneArchive } from './archive-fault.js';

/** Bytes of the file (LOGS 8). */
const SIZE = 512;
/** Opening a FIFO of that name would otherwise wait for a writer. Windows has no such flag. */
const NEVER_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * The index up to which the segments of an archive are in a store, from the file `stored` of its folder; undefined if
 * that does not tell. Anyone who can write to the folder can write that file: it explains why a segment is missing, but
 * proves nothing.
 */
export async function storedIndex(folder: string): Promise<number | undefined> {
  const file = await open(join(folder, 'stored'), NEVER_WAITING).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SIZE), 0, SIZE, 0);
    const { index } = JSON.parse(buffer.toString('utf8', 0, bytesRead)) as { index?: unknown };
    return Number.isSafeInteger(index) ? (index as number) : undefined;
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

/** The hint for segments that are in S3 according to the file `stored`. */
export const READ_THE_STORE = 'The place is what the writer was given as its store: s3://BUCKET/PREFIX';

/** The error for a folder whose segments are still to go to a store. @param stored up to which index they are there */
export function onItsWay(archive: string, stored: number): SealpipeError {
  return notOneArchive(
    `the segments of archive ${archive} are in S3 up to ${stored}, by its file "stored", and the others go there: prune the archive in S3`,
    READ_THE_STORE,
  );
}

/** The error for an archive without a segment. @param stored the index up to which they are in a store */
export function noSegment(archive: string, stored: number | undefined): SealpipeError {
  return stored === undefined
    ? notOneArchive(`archive ${archive} has no segment`)
    : notOneArchive(
        `archive ${archive} has no segment in this folder. By its file "stored", those up to ${stored} are in S3: read the archive there`,
        READ_THE_STORE,
      );
}
