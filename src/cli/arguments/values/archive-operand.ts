import { basename, dirname } from 'node:path';
import { isS3Name } from '../../../s3/names.js';
import { misuse } from '../../terminal/command-error.js';
import { LOGS_USAGE } from '../../terminal/messages/logs.js';

/** The log archives that an operand names. */
export interface NamedArchives {
  /** The folder of the archives, or `s3://bucket/prefix`. */
  readonly name: string;
  readonly isStored: boolean;
  /** The id of one of them; undefined for all. */
  readonly archive: string | undefined;
}

const ARCHIVE_ID = /^[0-9a-f]{32}$/;
/** A prefix may contain anything, so rules for paths do not apply. */
const STORED = /^(s3:\/\/.*?\/)([0-9a-f]{32})\/?$/s;

/** Reads `DIR` or `s3://bucket/prefix`, for one archive followed by `/ARCHIVE-ID`. */
export function archivePlace(operand: string): NamedArchives {
  if (isS3Name(operand)) {
    const [, name = operand, archive] = STORED.exec(operand) ?? [];
    return { name, isStored: true, archive };
  }
  const last = basename(operand);
  if (!ARCHIVE_ID.test(last)) return { name: operand, isStored: false, archive: undefined };
  return { name: dirname(operand), isStored: false, archive: last };
}

/**
 * The folder that an operand names, for a command that works only on the folder of a writer. @throws CommandError with
 * status 2
 */
export function archiveFolder(operand: string, command: Parameters<typeof LOGS_USAGE.notInStore>[0]): string {
  if (isS3Name(operand)) throw misuse(LOGS_USAGE.notInStore(command, operand));
  return operand;
}
