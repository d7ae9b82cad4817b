import { isS3Name } from '../../../s3/names.js';
import { misuse } from '../../terminal/command-error.js';
import { STORE_USAGE } from '../../terminal/messages/store.js';
import { parseSize } from '../../terminal/units.js';
import type { CommandLine, GivenOptions } from '../command-line.js';
import type { OptionName } from '../options.js';
import { objectNamed, placeNamed } from './object-names.js';
import { MAKING_OBJECTS, OPENING_OBJECTS } from './option-table.js';

/** The settings for reaching a store, from the options. */
export interface StoreSettings {
  readonly profile: string | undefined;
  readonly region: string | undefined;
  readonly kmsRegion: string | undefined;
  readonly endpointUrl: string | undefined;
  readonly virtualHost: boolean;
  /** Whether to ignore configured endpoints and use that of AWS. */
  readonly isExactly?: boolean | undefined;
  /** Bytes per second. */
  readonly limitRate: number | undefined;
  readonly concurrency: number | undefined;
  readonly versionId: string | undefined;
  readonly location: string | undefined;
}

/** Below this rate, a request that shares it with others would look stalled. */
const LOWEST_RATE = 65_536;
/** For several requests: one moves bytes while each of the others waits with a slice of 256 KiB. */
const LOWEST_RATE_OF_ONE = 16_384;
const KIB = 1_024;
const MOST_AT_ONCE = 256;

/**
 * The settings for the store of a command line; undefined if it names nothing in a store.
 *
 * @throws CommandError with status 2, also for options that would have no effect
 */
export function storeSettings({ command, options, operands }: CommandLine): StoreSettings | undefined {
  const output = options.text('output');
  const isRead = operands.some(isS3Name);
  const isStored = command.name === 'logs write' && options.has('store');
  const isWritten = isStored || (command.name === 'encrypt' && output !== undefined && isS3Name(output));
  for (const operand of operands) placeNamed(operand);
  const idle = [...OPENING_OBJECTS, 'concurrency' as const].find((name) => options.has(name));
  if (!isRead && !isWritten && idle !== undefined) throw misuse(STORE_USAGE.needsName(idle));
  const onlyOut = command.name === 'encrypt' ? (['location', 'concurrency'] as const) : [];
  const making = [...MAKING_OBJECTS, ...onlyOut].find((name) => options.has(name));
  if (!isWritten && making !== undefined) throw misuse(STORE_USAGE.needsOutput(making));
  if (options.has('version-id')) assertOneObject(operands, isRead);
  if (!isRead && !isWritten) return undefined;
  const concurrency = wholeNumber(options, 'concurrency', MOST_AT_ONCE);
  return {
    profile: options.text('profile'),
    region: options.text('region'),
    kmsRegion: options.text('kms-region'),
    endpointUrl: endpointUrl(options.text('endpoint-url')),
    virtualHost: options.has('virtual-host'),
    limitRate: limitRate(options.text('limit-rate'), concurrency),
    concurrency,
    versionId: options.text('version-id'),
    location: placeOrAny(options.text('location'), isWritten),
  };
}

function assertOneObject(operands: readonly string[], isRead: boolean): void {
  if (!isRead) throw misuse(STORE_USAGE.needsName('version-id'));
  if (operands.length > 1) throw misuse(STORE_USAGE.oneVersion());
  objectNamed(operands[0]);
}

function endpointUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (/^https?:\/\/[^/?#@]+(?:\/[^?#]*)?$/i.test(text) && URL.canParse(text)) return text;
  throw misuse(STORE_USAGE.badEndpoint(text));
}

function limitRate(text: string | undefined, concurrency = 1): number | undefined {
  if (text === undefined) return undefined;
  const rate = parseSize(text);
  if (rate === undefined || rate < LOWEST_RATE) throw misuse(STORE_USAGE.badRate(text));
  const least = concurrency * LOWEST_RATE_OF_ONE;
  if (rate >= least) return rate;
  throw misuse(STORE_USAGE.rateForSoMany(text, concurrency, `${Math.ceil(least / KIB)}K`));
}

/** The place where an object was or will be sealed. */
function placeOrAny(text: string | undefined, isWritten: boolean): string | undefined {
  if (text === undefined) return undefined;
  if (text === 'any' && !isWritten) return text;
  if (!isS3Name(text)) throw misuse(STORE_USAGE.badLocation(text));
  return objectNamed(text)!.text;
}

/** Reads an option that is a number. @throws CommandError with status 2 */
export function wholeNumber(options: GivenOptions, name: OptionName, most: number): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const number = /^[0-9]{1,9}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > most) throw misuse(STORE_USAGE.badCount(name, text, most));
  return number;
}
