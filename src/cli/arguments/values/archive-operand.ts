import { basename, dirname } from 'node:path';

/** Which log archives an operand names. */
export interface NamedArchives {
  /** The folder of the archives. */
  readonly directory: string;
  /** The id of one of them; undefined for all. */
  readonly archive: string | undefined;
}

const ARCHIVE_ID = /^[0-9a-f]{32}$/;

/** Reads `DIR`, or `DIR/ARCHIVE-ID` for one of its archives. */
export function archivePlace(operand: string): NamedArchives {
  const name = basename(operand);
  if (!ARCHIVE_ID.test(name)) return { directory: operand, archive: undefined };
  return { directory: dirname(operand), archive: name };
}
