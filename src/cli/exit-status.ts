import type { ErrorCode } from '../errors.js';
import { isMisuse, isSealpipeError } from '../errors.js';
import type { Words } from './terminal/command-error.js';
import { EXIT, Failure } from './terminal/command-error.js';
import { TROUBLE } from './terminal/messages.js';

/** The exit status for what the library reports, and what to do where its message does not say. */
const STATUS: Readonly<Record<ErrorCode, { readonly status: number; readonly advice?: string }>> = {
  ERR_SEALPIPE_FORMAT: {
    status: EXIT.notAuthentic,
    advice: 'Is this the right file? If so, fetch it again from its source.',
  },
  ERR_SEALPIPE_UNSUPPORTED: { status: EXIT.notAuthentic },
  ERR_SEALPIPE_LIMIT: { status: EXIT.notAuthentic },
  ERR_SEALPIPE_AUTHENTICATION: {
    status: EXIT.notAuthentic,
    advice: 'Do not use it. Fetch the stream again from its source.',
  },
  ERR_SEALPIPE_TRUNCATED: {
    status: EXIT.truncated,
    advice:
      'Fetch the stream again from its source. If it is short there, its writer was interrupted or is still writing.',
  },
  ERR_SEALPIPE_TRAILING_DATA: { status: EXIT.notAuthentic, advice: 'Something was appended to it.' },
  ERR_SEALPIPE_CONTEXT: { status: EXIT.notAuthentic },
  ERR_SEALPIPE_KEY_NOT_FOUND: { status: EXIT.key },
  ERR_SEALPIPE_KEY_DENIED: { status: EXIT.key },
  ERR_SEALPIPE_KEY_UNAVAILABLE: { status: EXIT.key },
  ERR_SEALPIPE_KEY_MISMATCH: { status: EXIT.key },
  ERR_SEALPIPE_LENGTH: { status: EXIT.other },
  ERR_SEALPIPE_CONFIRM: { status: EXIT.other },
  ERR_SEALPIPE_EXISTS: { status: EXIT.usage },
  ERR_SEALPIPE_TIMEOUT: { status: EXIT.key },
  ERR_SEALPIPE_LOCKED: { status: EXIT.other },
  ERR_SEALPIPE_CHANGED: { status: EXIT.other, advice: 'Run it again.' },
};

/** Where the end of a stream is at fault, the status says that it may have been cut short. */
const AT_END = STATUS.ERR_SEALPIPE_TRUNCATED;

/** The names that the library's messages give things, and what the command calls them. */
const COMMAND_NAMES: readonly (readonly [RegExp, string])[] = [
  [/`expectedLength`/g, '--expected-size'],
  [/`encryptionContext`/g, '--context'],
  [/`engine`/g, '--engine'],
  [/`content`/g, '--content-type, --content-encoding'],
  [/`keys`/g, 'keys'],
  [/, or give clientConfig\.credentials/g, ''],
  [/Set AWS_REGION, give clientConfig\.region, or/g, 'Set AWS_REGION, or'],
  [
    /, which belongs to the in-process KMS: .*$/,
    ', which belongs to the embedded KMS: set AWS_REGION to another',
  ],
  [/, or raise (?:the option "timeout"|`timeout`)/g, ''],
  [/, make fewer key calls \(cachedKeys\)/g, ''],
  [
    /; for one that was created just now see waitForNewKey/g,
    '. One that was created just now may take a minute',
  ],
  [/: see waitForNewKey and grantTokens/g, ': run it again then'],
  [
    /Check endpoint, useFipsEndpoint and useDualstackEndpoint, and AWS_ENDPOINT_URL/g,
    'Check AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_KMS',
  ],
  [/: log it in the client/g, ''],
  [/: see `cause`/g, ': --verbose shows why'],
  [/\blocal KMS\b/g, 'embedded KMS'],
  // What the embedded KMS says of a ciphertext that it has no secret for; its keys know no policies.
  [
    /(?<= in local: )access was denied\. .*(?= \()/,
    'the secret that sealed the stream is missing: it was added by a rotation that this copy of the keys does not include. Restore a newer copy',
  ],
];

/** What to say of a failure, and the exit status. Every failure has both. */
export function explain(error: unknown): { readonly status: number; readonly words: Words } {
  if (error instanceof Failure) return error;
  const own = ownCause(error);
  if (own !== undefined) return own;
  if (isSealpipeError(error)) {
    // A key provider of another release may have a code that is not known here.
    const known = Object.hasOwn(STATUS, error.code) ? STATUS[error.code] : { status: EXIT.other };
    const { status, advice } = error.atEnd ? AT_END : known;
    return { status, words: { what: inCommandTerms(error.message), advice } };
  }
  if (isMisuse(error)) return { status: EXIT.usage, words: { what: inCommandTerms(error.message) } };
  if (isSystemError(error)) return { status: EXIT.other, words: { what: reason(error) } };
  return { status: EXIT.other, words: TROUBLE.internal(textOf(error)) };
}

/** A failure of the command's own that the library has wrapped: a program that failed is the cause of `_CONFIRM`. */
function ownCause(error: unknown): Failure | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Failure ? cause : undefined;
}

/** An error of the operating system: it has a `code` such as ENOSPC and a `syscall`. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

/** Whoever read the output has enough, as `head` does: nothing is to be said of that, but it is not the whole either. */
export function isReaderGone(error: unknown): boolean {
  return isSystemError(error) && error.code === 'EPIPE';
}

/** Why a system call failed, such as "no space left on device". */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [, words] = /^[A-Z0-9_]+: ([^,]+)(?:,|$)/.exec(error.message) ?? [];
  return words ?? error.message;
}

/** What an error says, whatever it is. */
function textOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error);
  } catch {
    return 'something that is no error was thrown';
  }
}

/** A message of the library as the command says it. */
export function inCommandTerms(message: string): string {
  const text = COMMAND_NAMES.reduce((before, [theirs, ours]) => before.replace(theirs, ours), message);
  // The library's messages are sentences; here they follow a colon. Names of calls, such as Decrypt, stay.
  return text.replace(/^(?![A-Za-z]+ with )[A-Z](?=[a-z]* )/, (first) => first.toLowerCase());
}
