/**
 * The cause of an error as it may be logged: without the HTTP answer that the SDK hangs on its errors, from which the
 * request can be reached, whose headers hold a session token; and without `secrets` where a message quotes them, as
 * KMS and proxies do with what they refuse. An error that has neither is returned as it is. A copy keeps its class.
 *
 * @param secrets what the request held: values of the encryption context, a data key as text
 */
export function cleanCause(error: unknown, secrets: readonly string[]): unknown {
  const redact = redactor(secrets);
  return isClean(error, redact, new Set()) ? error : cleanCopy(error, redact, new Map());
}

const REDACTED = '[redacted]';
const DROPPED: ReadonlySet<PropertyKey> = new Set(['$response', '$responseBodyText']);
/** By these an error is told from others. */
const NAMES: ReadonlySet<PropertyKey> = new Set(['name', 'code']);

type Redact = (text: string) => string;

function isClean(value: unknown, redact: Redact, seen: Set<unknown>): boolean {
  if (typeof value === 'string') return redact(value) === value;
  if (!isOpen(value) || seen.has(value)) return true;
  // An error may be its own cause.
  seen.add(value);
  return Reflect.ownKeys(value).every(
    (name) => NAMES.has(name) || (!DROPPED.has(name) && isClean(partOf(value, name), redact, seen)),
  );
}

function cleanCopy(value: unknown, redact: Redact, copies: Map<unknown, unknown>): unknown {
  if (typeof value === 'string') return redact(value);
  if (!isOpen(value)) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  const copy = Object.setPrototypeOf(emptyLike(value), Object.getPrototypeOf(value)) as object;
  copies.set(value, copy);
  for (const name of Reflect.ownKeys(value).filter((name) => !DROPPED.has(name))) {
    const part = partOf(value, name);
    const enumerable = Object.prototype.propertyIsEnumerable.call(value, name);
    const cleaned = NAMES.has(name) ? part : cleanCopy(part, redact, copies);
    Object.defineProperty(copy, name, { value: cleaned, enumerable, writable: true });
  }
  return copy;
}

/** Whether it is gone into: an error, a list, or an object without a behaviour of its own. */
function isOpen(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    value instanceof Error || [Array.prototype, Object.prototype, null].includes(prototype as object | null)
  );
}

/** A property's value; of accessors that of `stack` alone, which is one on newer engines. */
function partOf(value: object, name: PropertyKey): unknown {
  return name === 'stack' ? Reflect.get(value, name) : Reflect.getOwnPropertyDescriptor(value, name)?.value;
}

function emptyLike(value: object): object {
  if (value instanceof Error) return new Error();
  return Array.isArray(value) ? [] : {};
}

/** Replaces the secrets, as they are and as JSON writes them, where they stand as words of their own. */
function redactor(secrets: readonly string[]): Redact {
  const forms = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  const words = [...new Set(forms)].filter((form) => form !== '').sort((a, b) => b.length - a.length);
  if (words.length === 0) return (text) => text;
  const escaped = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join('|')})(?![\\p{L}\\p{N}])`, 'gu');
  return (text) => text.replace(pattern, REDACTED);
}
