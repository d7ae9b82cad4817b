import { isNativeError } from 'node:util/types';
import { KMS_ERRORS } from './error-table.js';
import type { Redact } from './redactor.js';
import { redactor } from './redactor.js';

/**
 * The cause of an error as it may be logged. It keeps what is known to be harmless: name, message and stack, own
 * primitive properties, `$metadata`, and its causes and `errors`, cleaned too and down to {@link LEVELS}. The rest may
 * lead to the request, whose headers hold a session token. `secrets` are taken out of its texts, as KMS and proxies
 * quote what they refuse. An error that is no more than that is returned as it is; a copy keeps its class.
 *
 * @param secrets what the request held: values of the encryption context, a data key as text
 */
export function cleanCause(error: unknown, secrets: readonly string[]): unknown {
  const redact = redactor(secrets);
  try {
    if (isClean(error, redact, new Set(), 0)) return error;
    const copy = cleanCopy(error, redact, new Map(), 0);
    return copy === DROPPED ? standIn(error, redact) : copy;
  } catch {
    return standIn(error, redact);
  }
}

/** How many errors may stand in one another: the list that a hostile or broken client makes may have no end. */
const LEVELS = 8;
const DROPPED = Symbol('dropped');
/** The properties that an error has by its nature, so that their names tell nothing. */
const OWN_NATURE: ReadonlySet<PropertyKey> = new Set([
  'name',
  'message',
  'stack',
  'code',
  'cause',
  'errors',
  '$metadata',
]);
/** The text of an answer, which may hold a data key. */
const BODY_TEXT = '$responseBodyText';
/** By these an error is told from others, so they stay, whatever the context says. */
const KNOWN_NAMES: ReadonlySet<unknown> = new Set(KMS_ERRORS.map(({ name }) => name));

/** Cleans an error within another; gives `DROPPED` for what may not stay. */
type CleanInner = (inner: unknown) => unknown;

function isClean(value: unknown, redact: Redact, seen: Set<unknown>, level: number): boolean {
  if (typeof value === 'string') return redact(value) === value;
  if (isPrimitive(value) || seen.has(value)) return true;
  if (!isErrorLike(value) || level === LEVELS) return false;
  // An error may be its own cause.
  seen.add(value);
  const inner: CleanInner = (part) => (isClean(part, redact, seen, level + 1) ? part : DROPPED);
  return [...Reflect.ownKeys(value), ...inheritedNames(value)].every((name) => {
    const part = partOf(value, name);
    return part !== DROPPED && cleanPart(name, part, redact, inner) === part;
  });
}

function cleanCopy(value: unknown, redact: Redact, copies: Map<unknown, unknown>, level: number): unknown {
  if (typeof value === 'string') return redact(value);
  if (isPrimitive(value)) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  if (!isErrorLike(value) || level === LEVELS) return DROPPED;
  const copy = Object.setPrototypeOf(emptyLike(value, redact), Object.getPrototypeOf(value)) as object;
  copies.set(value, copy);
  const inner: CleanInner = (part) => cleanCopy(part, redact, copies, level + 1);
  for (const name of Reflect.ownKeys(value)) {
    const cleaned = cleanPart(name, partOf(value, name), redact, inner);
    const enumerable = Object.prototype.propertyIsEnumerable.call(value, name);
    if (cleaned !== DROPPED) define(copy, name, cleaned, enumerable);
  }
  for (const name of inheritedNames(value)) {
    const cleaned = cleanPart(name, partOf(value, name), redact, inner);
    // An accessor of a class may find nothing in the copy to read from, or too much.
    if (partOf(copy, name) !== cleaned) define(copy, name, cleaned === DROPPED ? undefined : cleaned, false);
  }
  return copy;
}

function cleanPart(name: PropertyKey, part: unknown, redact: Redact, inner: CleanInner): unknown {
  if (part === DROPPED || name === BODY_TEXT) return DROPPED;
  const label = typeof name === 'symbol' ? (name.description ?? '') : String(name);
  if (!OWN_NATURE.has(name) && redact(label) !== label) return DROPPED;
  if (name === 'cause') return inner(part);
  if (name === 'errors' && Array.isArray(part)) return cleanList(part, inner);
  if (name === '$metadata') return primitivesOf(part);
  if ((name === 'name' || name === 'code') && KNOWN_NAMES.has(part)) return part;
  if (typeof part === 'string') return redact(part);
  return isPrimitive(part) ? part : DROPPED;
}

function cleanList(list: readonly unknown[], inner: CleanInner): unknown {
  const cleaned = list.map(inner);
  const isSame = cleaned.every((item, at) => item === list[at]);
  const hasMore = Reflect.ownKeys(list).length !== list.length + 1;
  return isSame && !hasMore ? list : cleaned.filter((item) => item !== DROPPED);
}

/** Of the SDK's notes on an answer: its status, its request id and how often it was tried. */
function primitivesOf(metadata: unknown): unknown {
  if (isPrimitive(metadata)) return typeof metadata === 'string' ? DROPPED : metadata;
  if (!isPlain(metadata)) return DROPPED;
  const names = Reflect.ownKeys(metadata);
  const kept = names.filter(
    (name) => isPrimitive(partOf(metadata, name)) && partOf(metadata, name) !== DROPPED,
  );
  if (kept.length === names.length) return metadata;
  return Object.fromEntries(kept.map((name) => [name, partOf(metadata, name)]));
}

/** An own property's value, `DROPPED` for an accessor but `stack`, which is one on newer engines; or the class's. */
function partOf(value: object, name: PropertyKey): unknown {
  const own = Reflect.getOwnPropertyDescriptor(value, name);
  if (own !== undefined && name !== 'stack') return 'value' in own ? own.value : DROPPED;
  return read(value, name);
}

/** The names that an error's class reads from it, or writes for it. */
function inheritedNames(value: object): PropertyKey[] {
  const names = new Set<PropertyKey>(['name', 'message']);
  let owner: unknown = Object.getPrototypeOf(value);
  while (owner instanceof Error && owner !== Error.prototype) {
    for (const name of Reflect.ownKeys(owner)) {
      if (Reflect.getOwnPropertyDescriptor(owner, name)?.get !== undefined) names.add(name);
    }
    owner = Object.getPrototypeOf(owner);
  }
  return [...names].filter((name) => !Object.hasOwn(value, name));
}

function isErrorLike(value: unknown): value is object {
  return value instanceof Error || isNativeError(value) || isPlain(value);
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isPrimitive(value: unknown): boolean {
  return value === null || (typeof value !== 'object' && typeof value !== 'function');
}

function emptyLike(value: object, redact: Redact): object {
  if (!(value instanceof Error || isNativeError(value))) return {};
  // A DOMException keeps what it says where only its own constructor can write it.
  const empty =
    value instanceof DOMException ? new DOMException(redact(value.message), redact(value.name)) : new Error();
  Reflect.deleteProperty(empty, 'stack');
  return empty;
}

/** What stands for something that cannot be copied. */
function standIn(error: unknown, redact: Redact): Error {
  const [name, message, code] = ['name', 'message', 'code'].map((part) => {
    const text = typeof error === 'object' && error !== null ? read(error, part) : undefined;
    return typeof text === 'string' ? cleanPart(part, text, redact, () => DROPPED) : undefined;
  });
  const kept = new Error(String(message ?? 'What was thrown is no error and is not shown'));
  if (name !== undefined) define(kept, 'name', name, false);
  if (code !== undefined) define(kept, 'code', code, true);
  return kept;
}

function read(value: object, name: PropertyKey): unknown {
  try {
    return Reflect.get(value, name);
  } catch {
    return undefined;
  }
}

function define(copy: object, name: PropertyKey, value: unknown, enumerable: boolean): void {
  Object.defineProperty(copy, name, { value, enumerable, writable: true, configurable: true });
}
