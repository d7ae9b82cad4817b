/**
 * What went wrong, and what to do about it. The messages are in `messages/`, a file per subject. They are not escaped:
 * the terminal escapes everything that it prints.
 */
export interface Message {
  readonly what: string;
  /** Absent if no hint is needed. */
  readonly hint?: string | undefined;
  /** The file, folder or object that `what` names, if it names one. */
  readonly subject?: string | undefined;
}

/** The exit statuses of the command, one per decision that a script can make. */
export const EXIT = {
  done: 0,
  /** A failure of a file, a disk or a program. */
  other: 1,
  usage: 2,
  /** The input is not an authentic stream, or not the required one. */
  notAuthentic: 3,
  /** The input is cut short. */
  truncated: 4,
  /** A failure of a key or the KMS. */
  key: 5,
  /** The reader of the output left before its end: the status of a program that SIGPIPE has ended. */
  readerGone: 141,
} as const;

/** Signals that end the command, with the exit status that shells give them. */
export const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

export type SignalName = keyof typeof SIGNALS;

/** The message and the exit status of a failure. */
export interface Failure extends Message {
  readonly status: number;
}

/** A failure of the command. Its message says what went wrong. */
export class CommandError extends Error implements Failure {
  readonly status: number;
  readonly hint: string | undefined;
  readonly subject: string | undefined;

  constructor(status: number, { what, hint, subject }: Message, cause?: unknown) {
    super(what, cause === undefined ? undefined : { cause });
    this.name = 'CommandError';
    this.status = status;
    this.hint = hint;
    this.subject = subject;
  }

  get what(): string {
    return this.message;
  }
}

/** A run that a signal has ended cleanly. */
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
