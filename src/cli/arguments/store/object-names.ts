import { isMisuse } from '../../../errors.js';
import type { S3Name } from '../../../s3/names.js';
import { isS3Name, parseS3Name } from '../../../s3/names.js';
import { asClause } from '../../exit-status.js';
import { misuse } from '../../terminal/command-error.js';
import { STORE_USAGE } from '../../terminal/messages/store.js';

/** An object or prefix, and its form on the command line. */
export interface NamedPlace extends S3Name {
  readonly text: string;
}

/** The object or prefix that an operand names; undefined for a file. @throws CommandError with status 2 */
export function placeNamed(text: string | undefined): NamedPlace | undefined {
  if (text === undefined || !isS3Name(text)) return undefined;
  try {
    return { text, ...parseS3Name(text) };
  } catch (error) {
    if (!isMisuse(error)) throw error;
    throw misuse(STORE_USAGE.badName(text, asClause(error.message)));
  }
}

/** The same, but it must be one object. @throws CommandError with status 2 */
export function objectNamed(text: string | undefined): NamedPlace | undefined {
  const place = placeNamed(text);
  if (place?.isPrefix) throw misuse(STORE_USAGE.isPrefix(place.text));
  return place;
}
