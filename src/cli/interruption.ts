import { LONGEST_TIMER } from '../abort.js';
import type { SignalName } from './terminal/command-error.js';
import { SIGNALS } from './terminal/command-error.js';

/** Time that an interrupted command has before it is ended: steps, and milliseconds of each. */
const STEPS = 10;
const STEP = 100;
/** Signals within this time count as one: `timeout` and a closed terminal signal a process twice. */
const ECHO = 50;

/**
 * Handles the first signal instead of an abort. @returns milliseconds that it needs; undefined to abort nevertheless
 */
export type SignalListener = (name: SignalName) => number | undefined;

/**
 * Ends the command cleanly when a signal arrives: the work is aborted, its files are removed, and the exit status is
 * that of the signal. If that takes too long (a blocking system call, such as opening a FIFO that nobody writes to), or
 * a second signal arrives, the signal has its usual effect.
 */
export class Interruption {
  readonly #abort = new AbortController();
  readonly #beforeEnd: () => void;
  #received: SignalName | undefined;
  #heed: SignalListener | undefined;
  #onHangUp: (() => void) | undefined;
  #echoUntil = 0;
  #allowed = 0;

  /** @param beforeEnd removes leftovers; synchronous */
  constructor(beforeEnd: () => void) {
    this.#beforeEnd = beforeEnd;
    for (const name of Object.keys(SIGNALS) as SignalName[]) process.on(name, () => this.#receive(name));
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The first signal. */
  get received(): SignalName | undefined {
    return this.#received;
  }

  /** Sets a handler for the first signal. */
  heed(listener: SignalListener | undefined): void {
    this.#heed = listener;
  }

  /** Sets the time for cleaning up after an abort, in milliseconds. */
  allow(milliseconds: number): void {
    this.#allowed = milliseconds;
  }

  /** Sets a handler for every SIGHUP, which then does not end the command. */
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
    setTimeout(() => this.#endAfter(STEPS, name), Math.min(takes, LONGEST_TIMER)).unref();
    if (patience === undefined) this.#abort.abort(name);
  }

  /** Ends the command after so many steps. A process that stands still, however long, misses one of them and not all. */
  #endAfter(steps: number, name: SignalName): void {
    if (steps === 0) this.#end(name);
    else setTimeout(() => this.#endAfter(steps - 1, name), STEP).unref();
  }

  #end(name: SignalName): void {
    this.#beforeEnd();
    process.removeAllListeners(name);
    process.kill(process.pid, name);
  }
}
