/**
 * What went wrong, and what to do about it. The messages of each subject have a file in `messages/`. Nothing is escaped
 * there: the terminal escapes everything that it prints.
 */
export interface Message {
  readonly what: string;
  /** Absent if the first line says it all. */
  readonly hint?: string | undefined;
}

/** The exit status of the command: the decisions that a script can make. */
export const EXIT = {
  done: 0,
  /** A file, a disk, a command that failed. */
  other: 1,
  usage: 2,
  /** The input is not an authentic stream, or not the one that was required. */
  notAuthentic: 3,
  /** The input is cut short. */
  truncated: 4,
  /** The key, or the KMS. */
  key: 5,
  /** Whoever read the output left before its end: what a shell says of a program that SIGPIPE has ended. */
  readerGone: 141,
} as const;

/** Signals that end the command, with the exit status that shells know them by. */
export const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

export type SignalName = keyof typeof SIGNALS;

/** What to say of a failure, and the exit status. */
export interface Failure extends Message {
  readonly status: number;
}

/** A failure of the command's own. Its message says what went wrong. */
export class CommandError extends Error implements Failure {
  readonly status: number;
  readonly hint: string | undefined;

  constructor(status: number, { what, hint }: Message, cause?: unknown) {
    super(what, cause === undefined ? undefined : { cause });
    this.name = 'CommandError';
    this.status = status;
    this.hint = hint;
  }

  get what(): string {
    return this.message;
  }
}

/** A run that a signal has ended in good order. */
export class Interrupted extends Error {
  readonly signal: SignalName;

  constructor(signal: SignalName) {
    super(`interrupted (${signal})`);
    this.name = 'Interrupted';
    this.signal = signal;
  }
}

/** Wrong use of the command line. */
export function misuse(message: Message): CommandError {
  return new CommandError(EXIT.usage, message);
}
