import type { SignalName } from './terminal/command-error.js';
import { SIGNALS } from './terminal/command-error.js';

/** What is left to a command that was told to end before it is ended. */
const GRACE = 1_000;
const LONGEST_TIMER = 2 ** 31 - 1;
/** What comes within it is the same act again: `timeout` and a terminal that is closed tell a process twice. */
const ECHO = 50;

/** Deals with the first signal in place of an abort. @returns milliseconds that it asks for; undefined: abort all the same */
export type SignalListener = (name: SignalName) => number | undefined;

/**
 * Ends the command in good order when a signal comes: whatever runs is aborted, its files are removed, and the exit
 * status is the signal's. Where that takes too long (a call that the system does not come back from, such as opening
 * a FIFO that nobody writes to), or a second signal comes, the signal takes its usual effect.
 */
export class Interruption {
  readonly #abort = new AbortController();
  readonly #beforeEnd: () => void;
  #received: SignalName | undefined;
  #heed: SignalListener | undefined;
  #onHangUp: (() => void) | undefined;
  #echoUntil = 0;
  #allowed = 0;

  /** @param beforeEnd removes what would be left behind; synchronous */
  constructor(beforeEnd: () => void) {
    this.#beforeEnd = beforeEnd;
    for (const name of Object.keys(SIGNALS) as SignalName[]) process.on(name, () => this.#receive(name));
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The signal that came first. */
  get received(): SignalName | undefined {
    return this.#received;
  }

  /** Lets somebody else deal with the first signal, from now on. */
  heed(listener: SignalListener | undefined): void {
    this.#heed = listener;
  }

  /** What is aborted may take so many milliseconds to clean up, from now on. */
  allow(milliseconds: number): void {
    this.#allowed = milliseconds;
  }

  /** Lets somebody else deal with every SIGHUP, from now on: it ends nothing then. */
  divertHangUp(listener: (() => void) | undefined): void {
    this.#onHangUp = listener;
  }

  #receive(name: SignalName): void {
    if (name === 'SIGHUP' && this.#onHangUp !== undefined) {
      this.#onHangUp();
      return;
    }
    if (this.#received !== undefined) {
      if (performance.now() >= this.#echoUntil) this.#end(name);
      return;
    }
    this.#received = name;
    process.exitCode = SIGNALS[name];
    const patience = this.#heed?.(name);
    const takes = patience ?? this.#allowed;
    if (patience !== undefined || takes > 0) this.#echoUntil = performance.now() + ECHO;
    setTimeout(() => this.#end(name), Math.min(takes + GRACE, LONGEST_TIMER)).unref();
    if (patience === undefined) this.#abort.abort(name);
  }

  #end(name: SignalName): void {
    this.#beforeEnd();
    process.removeAllListeners(name);
    process.kill(process.pid, name);
  }
}
