import type { SignalName } from './say/failure.js';
import { SIGNALS } from './say/failure.js';

/** What is left to a command that was told to end before it is ended. */
const GRACE = 1_000;

/**
 * Ends the command in good order when a signal comes: whatever runs is aborted, its files are removed, and the exit
 * status is the signal's. Where that takes too long (a call that the system does not come back from, such as opening
 * a FIFO that nobody writes to), or a second signal comes, the signal takes its usual effect.
 */
export class Interruption {
  readonly #abort = new AbortController();
  readonly #beforeEnd: () => void;
  #received: SignalName | undefined;

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

  #receive(name: SignalName): void {
    if (this.#received !== undefined) {
      this.#end(name);
      return;
    }
    this.#received = name;
    process.exitCode = SIGNALS[name];
    setTimeout(() => this.#end(name), GRACE).unref();
    this.#abort.abort(name);
  }

  #end(name: SignalName): void {
    this.#beforeEnd();
    process.removeAllListeners(name);
    process.kill(process.pid, name);
  }
}
