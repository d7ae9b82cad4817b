import type { ErrorCode, SealpipeError } from '../errors.js';
import { isMisuse, isSealpipeError } from '../errors.js';
import { isSystemError, reason } from '../system-error.js';
import type { Failure } from './terminal/command-error.js';
import { CommandError, EXIT } from './terminal/command-error.js';
import { RUN_TROUBLE } from './terminal/messages/runs.js';

/** How the command reports a code of the library. */
interface Row {
  readonly status: number;
  /** Replaces the library's hint. */
  readonly hint?: string;
  /** Used if the library gives none. */
  readonly hintElse?: string;
  /** Used if the library has no hint, but an unexplained cause. */
  readonly hintOfCause?: string;
}

const NOT_AUTHENTIC = 'Do not use it. Fetch the stream again from its source.';

/** The exit status for each code of the library, and a hint if the command knows more. */
const ROWS: Readonly<Record<ErrorCode, Row>> = {
  ERR_SEALPIPE_FORMAT: {
    status: EXIT.notAuthentic,
    hint: 'Is this the right file? If so, fetch it again from its source.',
  },
  ERR_SEALPIPE_UNSUPPORTED: { status: EXIT.notAuthentic },
  ERR_SEALPIPE_LIMIT: {
    status: EXIT.notAuthentic,
    hint: 'The limits of the command are fixed. If you trust the source of the stream, open it with the library, which can raise them.',
  },
  ERR_SEALPIPE_AUTHENTICATION: { status: EXIT.notAuthentic, hint: NOT_AUTHENTIC },
  ERR_SEALPIPE_TRUNCATED: {
    status: EXIT.truncated,
    hint: 'Fetch the stream again from its source. If it is short there, its writer was interrupted or is still writing.',
  },
  ERR_SEALPIPE_TRAILING_DATA: { status: EXIT.notAuthentic, hint: 'Something was appended to it.' },
  ERR_SEALPIPE_CONTEXT: {
    status: EXIT.notAuthentic,
    hint: 'Give the pairs that the stream was sealed with: --context NAME=VALUE.',
  },
  ERR_SEALPIPE_KEY_NOT_FOUND: { status: EXIT.key },
  ERR_SEALPIPE_KEY_DENIED: { status: EXIT.key },
  ERR_SEALPIPE_KEY_UNAVAILABLE: { status: EXIT.key, hintOfCause: '--verbose shows why.' },
  ERR_SEALPIPE_KEY_MISMATCH: { status: EXIT.key },
  ERR_SEALPIPE_LENGTH: { status: EXIT.other },
  ERR_SEALPIPE_CONFIRM: { status: EXIT.other },
  ERR_SEALPIPE_EXISTS: { status: EXIT.usage },
  ERR_SEALPIPE_TIMEOUT: {
    status: EXIT.key,
    hint: 'Check the network between this machine and KMS, and try again.',
  },
  ERR_SEALPIPE_LOCKED: { status: EXIT.other },
  ERR_SEALPIPE_CHANGED: { status: EXIT.other, hint: 'Run it again.' },
  ERR_SEALPIPE_STORE: { status: EXIT.other, hintOfCause: '--verbose shows why.' },
  ERR_SEALPIPE_ARCHIVE: {
    status: EXIT.notAuthentic,
    hintElse:
      'Fetch the segments again from where they were archived. "sealpipe logs verify" lists what is wrong.',
  },
};

/** The message and the exit status of an error. Every error has both. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CommandError) return error;
  const own = ownCause(error);
  if (own !== undefined) return own;
  if (isSealpipeError(error)) {
    const { status, ...hints } = rowOf(error);
    const caught = error.cause === undefined || isSystemError(error.cause) ? undefined : hints.hintOfCause;
    const theirs = error.hint === undefined ? undefined : asSentence(error.hint);
    return { status, what: asClause(error.message), hint: hints.hint ?? theirs ?? hints.hintElse ?? caught };
  }
  if (isMisuse(error)) return { status: EXIT.usage, what: asClause(error.message) };
  if (isSystemError(error)) return { status: EXIT.other, what: reason(error) };
  return { status: EXIT.other, ...RUN_TROUBLE.internal(textOf(error)) };
}

function rowOf({ code, atEnd }: SealpipeError): Row {
  // If the end of a stream is at fault, the status says that it may have been truncated.
  if (atEnd) return ROWS.ERR_SEALPIPE_TRUNCATED;
  // A key provider of another release may have a code that is not known here.
  return Object.hasOwn(ROWS, code) ? ROWS[code] : { status: EXIT.other };
}

/** A failure of the command that the library has wrapped: a failed program is the cause of `_CONFIRM`. */
function ownCause(error: unknown): CommandError | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof CommandError ? cause : undefined;
}

/** Statuses by severity: the first of these that any of several inputs ended with is the status of all. */
const GRAVEST: readonly number[] = [EXIT.notAuthentic, EXIT.truncated, EXIT.key, EXIT.other, EXIT.usage];

/** The status of several failures; undefined if there are none. */
export function gravestOf(statuses: readonly number[]): number | undefined {
  return GRAVEST.find((status) => statuses.includes(status)) ?? statuses[0];
}

/** The code of an error for a report: that of the library or the system, or null if it has none. */
export function codeOf(error: unknown): string | null {
  const { code } = ((error instanceof CommandError ? error.cause : error) ?? {}) as {
    readonly code?: unknown;
  };
  return typeof code === 'string' ? code : null;
}

/** The reader of the output has left, like `head` does: nothing is printed, but the output is not complete either. */
export function isReaderGone(error: unknown): boolean {
  return isSystemError(error) && error.code === 'EPIPE';
}

/** The message of any thrown value. */
function textOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error);
  } catch {
    return 'something that is no error was thrown';
  }
}

/** A hint of the library with its full stop. */
function asSentence(hint: string): string {
  return /[.?!]$/.test(hint) ? hint : `${hint}.`;
}

/**
 * A message of the library, which is a sentence, in the form for use after a colon. A name, such as KMS or ReEncrypt,
 * is not changed.
 */
export function asClause(message: string): string {
  const [first = ''] = message.split(' ', 1);
  const rest = first.slice(1);
  return rest === rest.toLowerCase() && !/[0-9]/.test(rest)
    ? first.charAt(0).toLowerCase() + rest + message.slice(first.length)
    : message;
}
