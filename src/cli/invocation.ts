import type { SignalListener } from './interruption.js';
import type { Terminal } from './terminal/terminal.js';

/** The input of every command. */
export interface Invocation {
  /** The environment of the command and of programs that it runs. */
  readonly env: NodeJS.ProcessEnv;
  /** Aborted by SIGINT, SIGTERM and SIGHUP; the reason is the signal's name. */
  readonly signal: AbortSignal;
  /** Sets the handler of the first signal, which replaces an abort; undefined for none. */
  readonly heedSignal: (heed: SignalListener | undefined) => void;
  /** Sets how many milliseconds the command may take to end after a signal. A second one ends it at once. */
  readonly mayTake: (milliseconds: number) => void;
  /**
   * Sets the handler of SIGHUP, which then does not end the command; undefined for none, so that it ends the command
   * like SIGTERM.
   */
  readonly divertHangUp: (listener: (() => void) | undefined) => void;
  readonly terminal: Terminal;
  /** The mode of a new file: rw-rw-rw- reduced by the umask. */
  readonly newFileMode: number;
}
