import { basename, dirname } from 'node:path';
import { isS3Name } from '../../../s3/names.js';
import { misuse } from '../../terminal/command-error.js';
import { LOGS_USAGE } from '../../terminal/messages/logs.js';

/** Which log archives an operand names. */
export interface NamedArchives {
  /** The folder of the archives, or `s3://bucket/prefix`. */
  readonly name: string;
  readonly isStored: boolean;
  /** The id of one of them; undefined for all. */
  readonly archive: string | undefined;
}

const ARCHIVE_ID = /^[0-9a-f]{32}$/;
/** A prefix may hold anything, so that rules for paths do not apply. */
const STORED = /^(s3:\/\/.*?\/)([0-9a-f]{32})\/?$/s;

/** Reads `DIR` or `s3://bucket/prefix`; with `/ARCHIVE-ID` behind it, one of the archives there. */
export function archivePlace(operand: string): NamedArchives {
  if (isS3Name(operand)) {
    const [, name = operand, archive] = STORED.exec(operand) ?? [];
    return { name, isStored: true, archive };
  }
  const last = basename(operand);
  if (!ARCHIVE_ID.test(last)) return { name: operand, isStored: false, archive: undefined };
  return { name: dirname(operand), isStored: false, archive: last };
}

/** The folder that an operand names, of a command that works where archives are written. @throws CommandError with status 2 */
export function archiveFolder(operand: string, command: Parameters<typeof LOGS_USAGE.notInStore>[0]): string {
  if (isS3Name(operand)) throw misuse(LOGS_USAGE.notInStore(command, operand));
  return operand;
}
