/** Replaces a text that may quote secrets. */
export const REDACTED = '[redacted]';

/** What else may be shown of an error, decided by code that knows the origin of the error. */
export interface Admission {
  /** Whether to show a name that is neither in a list nor the name of a class of the program. */
  readonly name?: (name: string) => boolean;
  /** The caller's replacement for a known message; undefined for any other message. */
  readonly words?: (message: string) => string | undefined;
}

/** How deep errors may be nested, how many side by side, and how many in total: a hostile list may be endless. */
const LEVELS = 8;
const LIST = 8;
const ALL = 16;
/** The longest text that is examined. */
const LONGEST = 4_096;

/** Names that appear on errors of another class. */
const NAMES: ReadonlySet<string> = new Set(['AbortError', 'TimeoutError', 'NetworkError']);
/** The codes of failed connections and files. */
const CODES = setOf(`
  ABORT_ERR EACCES EADDRINUSE EADDRNOTAVAIL EAI_AGAIN EBADF EBUSY ECONNABORTED ECONNREFUSED ECONNRESET
  EDQUOT EEXIST EFBIG EHOSTDOWN EHOSTUNREACH EINVAL EIO EISDIR ELOOP EMFILE ENAMETOOLONG ENETDOWN
  ENETUNREACH ENFILE ENOBUFS ENOENT ENOMEM ENOSPC ENOTCONN ENOTDIR ENOTFOUND ENXIO EPERM EPIPE EPROTO
  EROFS ETIMEDOUT CERT_HAS_EXPIRED CERT_NOT_YET_VALID CERT_UNTRUSTED DEPTH_ZERO_SELF_SIGNED_CERT
  SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_ISSUER_CERT_LOCALLY
  UNABLE_TO_VERIFY_LEAF_SIGNATURE`);
const SYSTEM_CALLS = setOf(`
  accept bind close connect fstat fsync getaddrinfo listen lstat mkdir open queryA queryAaaa read rename
  spawn stat unlink write writev`);
const SHOWN = new WeakSet<Error>();
const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]{0,63}$/;
const NODE_CODE = /^ERR_[A-Z0-9_]{1,60}$/;
const REQUEST_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const IP_ADDRESS = /^(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})$/i;
const AWS_HOST =
  /^(?:kms|kms-fips|sts|sts-fips|oidc|portal\.sso)(?:\.[a-z]{2,8}(?:-[a-z]{1,16}){1,3}-[0-9]{1,2})?\.(?:amazonaws\.com|amazonaws\.com\.cn|api\.aws)$/;

/**
 * A new error with the parts of `error` that cannot hold a secret, wherever it comes from: a name and a code that come
 * from lists or from the program's code, the status, request id and number of attempts of a response, the system call
 * and the address of a failed connection, and the same parts of its causes. Its message is {@link REDACTED} or a text
 * of this package. Nothing else is copied, and no text is searched for secrets.
 *
 * Never throws, even if reading `error` does. Its running time has a bound that does not depend on `error`.
 */
export function shownError(error: unknown, admission: Admission = {}): Error {
  if (isShown(error)) return error;
  try {
    return shownWithin(error, admission, new Set(), 0) ?? newError('Error', REDACTED);
  } catch {
    return newError('Error', REDACTED);
  }
}

/** Whether an error was created here: then all of it may be shown. */
export function isShown(error: unknown): error is Error {
  return SHOWN.has(error as Error);
}

function shownWithin(
  error: unknown,
  admission: Admission,
  seen: Set<unknown>,
  level: number,
): Error | undefined {
  if (error === undefined || level === LEVELS || seen.size === ALL || seen.has(error)) return undefined;
  seen.add(error);
  const message = text(error, 'message');
  const words = message === undefined ? undefined : admission.words?.(message);
  const shown = newError(nameOf(error, admission), words ?? REDACTED);
  for (const [name, value] of Object.entries(factsOf(error, admission))) {
    if (value !== undefined) define(shown, name, value, true);
  }
  const errors = listIn(error).flatMap((one) => shownWithin(one, admission, seen, level + 1) ?? []);
  if (errors.length > 0) define(shown, 'errors', errors, false);
  const cause = shownWithin(read(error, 'cause'), admission, seen, level + 1);
  if (cause !== undefined) define(shown, 'cause', cause, false);
  return shown;
}

/** A name from a list or of a class, which is code. The name in a response is used only if it is admitted. */
function nameOf(error: unknown, admission: Admission): string {
  const name = text(error, 'name');
  const classes = classNames(error);
  const known = name !== undefined && (NAMES.has(name) || classes.includes(name) || admission.name?.(name));
  return known ? name : (classes[0] ?? 'Error');
}

function classNames(error: unknown): string[] {
  const names: string[] = [];
  let owner = typeof error === 'object' && error !== null ? prototypeOf(error) : undefined;
  for (let level = 0; level < LEVELS && owner !== undefined; level++, owner = prototypeOf(owner)) {
    const name = text(read(owner, 'constructor'), 'name');
    if (name !== undefined && name !== 'Object' && IDENTIFIER.test(name)) names.push(name);
  }
  return names;
}

function factsOf(error: unknown, admission: Admission): Readonly<Record<string, unknown>> {
  const metadata = read(error, '$metadata');
  const status = integer(metadata, 'httpStatusCode', 100, 999);
  const fault = text(error, '$fault');
  const isAnswer = fault !== undefined || status !== undefined || read(error, '$response') !== undefined;
  const answer = {
    httpStatusCode: status,
    requestId: textLike(metadata, 'requestId', REQUEST_ID),
    attempts: integer(metadata, 'attempts', 1, 1_000),
    totalRetryDelay: integer(metadata, 'totalRetryDelay', 0, 2 ** 31),
  };
  const known = Object.entries(answer).filter(([, value]) => value !== undefined);
  return {
    code: codeOf(error, isAnswer, admission),
    $fault: fault === 'client' || fault === 'server' ? fault : undefined,
    $metadata: known.length > 0 ? Object.fromEntries(known) : undefined,
    // The fields of a response body become properties of its error.
    ...(isAnswer ? {} : systemCallOf(error)),
  };
}

function codeOf(error: unknown, isAnswer: boolean, admission: Admission): string | number | undefined {
  if (!isAnswer && typeof read(error, 'code') === 'number') return integer(error, 'code', 0, 99);
  const code = text(error, 'code');
  if (code === undefined) return undefined;
  const known = CODES.has(code) || admission.name?.(code) || (!isAnswer && NODE_CODE.test(code));
  return known ? code : undefined;
}

function systemCallOf(error: unknown): Readonly<Record<string, unknown>> {
  const syscall = text(error, 'syscall');
  if (syscall === undefined || !SYSTEM_CALLS.has(syscall)) return {};
  return {
    errno: integer(error, 'errno', -9_999, 9_999),
    syscall,
    hostname: textLike(error, 'hostname', AWS_HOST),
    address: textLike(error, 'address', IP_ADDRESS),
    port: integer(error, 'port', 1, 65_535),
  };
}

function listIn(error: unknown): unknown[] {
  const list = read(error, 'errors');
  const length = integer(list, 'length', 0, 2 ** 32) ?? 0;
  return typeof list === 'object'
    ? Array.from({ length: Math.min(length, LIST) }, (_, i) => read(list, i))
    : [];
}

function text(value: unknown, name: string): string | undefined {
  const found = read(value, name);
  return typeof found === 'string' && found.length <= LONGEST ? found : undefined;
}

function textLike(value: unknown, name: string, form: RegExp): string | undefined {
  const found = text(value, name);
  return found !== undefined && form.test(found) ? found : undefined;
}

function integer(value: unknown, name: string, least: number, most: number): number | undefined {
  const found = read(value, name);
  return Number.isInteger(found) && (found as number) >= least && (found as number) <= most
    ? (found as number)
    : undefined;
}

/** A property, or undefined if it does not exist or reading it throws. */
function read(value: unknown, name: PropertyKey): unknown {
  try {
    return (value as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[name];
  } catch {
    return undefined;
  }
}

function prototypeOf(value: object): object | undefined {
  try {
    return (Object.getPrototypeOf(value) as object | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Its stack holds only its name and message, because the place where it was caught is of no use. */
function newError(name: string, message: string): Error {
  const error = new Error(message);
  SHOWN.add(error);
  if (name !== 'Error') define(error, 'name', name, false);
  define(error, 'stack', `${name}: ${message}`, false);
  return error;
}

function define(error: Error, name: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(error, name, { value, enumerable, writable: true, configurable: true });
}

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/));
}
