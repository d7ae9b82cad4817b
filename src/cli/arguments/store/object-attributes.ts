import type { EncryptObjectOptions, LocationBinding, ObjectAttributes } from '../../../s3/index.js';
import { misuse } from '../../terminal/command-error.js';
import { STORE_USAGE } from '../../terminal/messages/store.js';
import { parseSize } from '../../terminal/units.js';
import type { GivenOptions } from '../command-line.js';

/** The attributes of a new object in the options. */
export type ObjectManner = ObjectAttributes &
  Pick<EncryptObjectOptions, 'bind' | 'overwrite' | 'partSize' | 'payloadSigning'>;

const SMALLEST_PART = 5 * 1_048_576;
const LARGEST_PART = 256 * 1_048_576;
/** A hundred years. */
const MOST_DAYS = 36_500;

/** @throws CommandError with status 2 */
export function objectManner(options: GivenOptions): ObjectManner {
  return {
    storageClass: options.text('storage-class'),
    tags: pairs(options, 'tag'),
    metadata: pairs(options, 'metadata'),
    sse: options.text('sse'),
    objectLock: objectLockOption(options),
    partSize: partSize(options.text('part-size')),
    bind: options.text('bind') as LocationBinding | undefined,
    overwrite: options.has('force'),
    payloadSigning: options.has('sign-payload') ? 'signed' : 'auto',
  };
}

function pairs(
  options: GivenOptions,
  name: 'tag' | 'metadata',
): Readonly<Record<string, string>> | undefined {
  const texts = options.texts(name);
  if (texts.length === 0) return undefined;
  const found = new Map<string, string>();
  for (const text of texts) {
    const [key, value] = split(text, '=');
    if (key === '' || value === undefined) throw misuse(STORE_USAGE.badPair(name, text));
    if (found.has(key)) throw misuse(STORE_USAGE.samePair(name, key));
    found.set(key, value);
  }
  return Object.fromEntries(found);
}

/** Reads `--object-lock`. @throws CommandError with status 2 */
export function objectLockOption(options: GivenOptions): ObjectAttributes['objectLock'] {
  const text = options.text('object-lock');
  return text === undefined ? undefined : objectLock(text);
}

function objectLock(text: string): ObjectAttributes['objectLock'] {
  const [, mode, digits] = /^(GOVERNANCE|COMPLIANCE):([0-9]{1,5})$/.exec(text) ?? [];
  const days = Number(digits);
  if (mode === undefined || days < 1 || days > MOST_DAYS) {
    throw misuse(STORE_USAGE.badLock(text, MOST_DAYS));
  }
  return { mode: mode as 'GOVERNANCE' | 'COMPLIANCE', days };
}

function partSize(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const size = parseSize(text);
  if (size === undefined || size < SMALLEST_PART || size > LARGEST_PART)
    throw misuse(STORE_USAGE.badPartSize(text));
  return size;
}

function split(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + mark.length)];
}
