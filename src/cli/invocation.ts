import type { SignalListener } from './interruption.js';
import type { Terminal } from './terminal/terminal.js';

/** What every command gets. */
export interface Invocation {
  /** The environment of the command. A program that it runs gets the same. */
  readonly env: NodeJS.ProcessEnv;
  /** Aborted by SIGINT, SIGTERM and SIGHUP; the reason is the signal's name. */
  readonly signal: AbortSignal;
  /** Who hears of the first signal instead of an abort; undefined: nobody. */
  readonly heedSignal: (heed: SignalListener | undefined) => void;
  /** How many milliseconds the command may take to end after a signal, from now on. A second one ends it at once. */
  readonly mayTake: (milliseconds: number) => void;
  /** Who hears of each SIGHUP, which then ends nothing; undefined: nobody, and it ends the command like SIGTERM. */
  readonly divertHangUp: (listener: (() => void) | undefined) => void;
  readonly terminal: Terminal;
  /** The mode of a new file: what the umask leaves of rw-rw-rw-. */
  readonly newFileMode: number;
}
