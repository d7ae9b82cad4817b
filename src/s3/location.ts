import { contextTypeError, optionsTypeError, SealpipeError } from '../errors.js';
import { canonicalContext } from '../format/encryption-context.js';
import type { ObjectName } from './names.js';
import { canonicalBucket, parseS3Name } from './names.js';

/**
 * The part of an object's place that is bound into its encryption context: bucket and key (`location`), only the key,
 * or nothing. A bound object does not open elsewhere unless the reader names the old place.
 */
export type LocationBinding = 'location' | 'key' | 'none';

type Pairs = Readonly<Record<string, string>>;

const BUCKET = 'sealpipe:bucket';
const KEY = 'sealpipe:key';
const BINDINGS: readonly LocationBinding[] = ['location', 'key', 'none'];

/** Checks the option. @throws TypeError `ERR_SEALPIPE_OPTIONS` */
export function checkBinding(bind: unknown = 'location'): LocationBinding {
  if (BINDINGS.includes(bind as LocationBinding)) return bind as LocationBinding;
  throw optionsTypeError(`\`bind\` must be one of ${BINDINGS.join(', ')}`);
}

/**
 * The encryption context of an object: the caller's pairs and those of its place.
 *
 * @param location the place under its canonical name, `s3://bucket/key`, if it is reached by an access point
 * @throws TypeError `ERR_SEALPIPE_CONTEXT` if the caller sets pairs of the place; `ERR_SEALPIPE_OPTIONS`
 */
export function boundContext(
  context: Pairs,
  place: ObjectName,
  { bind, location }: { readonly bind: LocationBinding; readonly location?: string | undefined },
): Pairs {
  const own = canonicalContext(context).encryptionContext;
  assertFree(own);
  return withPairs(own, pairsOf(place, bind, location));
}

/**
 * The pairs that a reader requires: the caller's and those of the place.
 *
 * @param location `any`: no place is required; `s3://bucket/key`: that one; by default the place of the object
 * @throws TypeError like {@link boundContext}
 */
export function requiredContext(
  context: Pairs,
  place: ObjectName,
  { bind, location }: { readonly bind: LocationBinding; readonly location?: string | undefined },
): Pairs {
  if (location === 'any') return context;
  return boundContext(context, place, { bind, location });
}

/** Adds a hint to the error of an object that does not open in this place. */
export function withLocationHint(error: SealpipeError): SealpipeError {
  return new SealpipeError(error.code, error.message, {
    hint: 'If the object was copied or restored from another place, name the old one: `location: "s3://bucket/key"`. If it was sealed without its place, or any place will do: `location: "any"`',
    cause: error.cause ?? error,
  });
}

function pairsOf(place: ObjectName, bind: LocationBinding, location: string | undefined): Pairs {
  if (bind === 'none') return {};
  const { bucket, key } = location === undefined ? place : objectAt(location);
  if (bind === 'key') return { [KEY]: key };
  const name = canonicalBucket(bucket);
  if (name === undefined) {
    throw optionsTypeError(
      'An access point does not tell which bucket it belongs to: name the object by its bucket in `location`, as in "s3://bucket/key"',
    );
  }
  return { [BUCKET]: name, [KEY]: key };
}

function objectAt(location: unknown): ObjectName {
  if (typeof location !== 'string') throw optionsTypeError('`location` must be an s3://bucket/key');
  const name = parseS3Name(location);
  if (name.key === '') throw optionsTypeError('`location` must name an object: s3://bucket/key');
  return name;
}

function assertFree(context: Pairs): void {
  for (const name of [BUCKET, KEY]) {
    if (Object.hasOwn(context, name)) {
      throw contextTypeError(
        `The pair ${name} is set from the object's place, and cannot be given: see \`bind\` and \`location\``,
      );
    }
  }
}

/** Only own properties, so that a pair named `__proto__` is an ordinary pair. */
function withPairs(context: Pairs, pairs: Pairs): Pairs {
  return Object.fromEntries([...Object.entries(context), ...Object.entries(pairs)]);
}
