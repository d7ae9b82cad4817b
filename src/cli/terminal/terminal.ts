import { inspect } from 'node:util';
import type { Message } from './command-error.js';
import { printable } from './printable.js';

/** The details of an error. If an error cannot be inspected, the failure must still be reported. */
function described(error: unknown): string {
  try {
    return inspect(error, { customInspect: false });
  } catch {
    return 'an error that cannot be shown';
  }
}

/** How much is printed. */
export interface Manner {
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly noProgress: boolean;
}

const NAME = 'sealpipe';
const RED = '\u001b[31m';
const PLAIN = '\u001b[0m';
const CLEAR_LINE = '\r\u001b[K';

/** The only place that writes to standard error. All output is escaped here, and only here. */
export class Terminal {
  readonly #out: NodeJS.WriteStream;
  /** Whether the terminal supports control sequences. */
  readonly #isTerminal: boolean;
  readonly #colours: boolean;
  #manner: Manner = { quiet: false, verbose: false, noProgress: false };
  #hasProgress = false;
  #isHushed = false;
  #isMute = false;

  constructor(out: NodeJS.WriteStream, env: NodeJS.ProcessEnv) {
    this.#out = out;
    this.#isTerminal = out.isTTY === true && env.TERM !== 'dumb';
    this.#colours = this.#isTerminal && !env.NO_COLOR;
    // A closed standard error is no reason to fail.
    out.on('error', () => undefined);
  }

  /** Applies the options once they are known. */
  configure(manner: Manner): void {
    this.#manner = manner;
  }

  /** From now on, prints only why the command failed. */
  hush(): void {
    this.#isHushed = true;
  }

  /** From now on, prints nothing. */
  mute(): void {
    this.#isMute = true;
  }

  get isVerbose(): boolean {
    return this.#manner.verbose;
  }

  /** Whether progress is visible and wanted. */
  get showsProgress(): boolean {
    return this.#isTerminal && !this.#isMute && !this.#manner.quiet && !this.#manner.noProgress;
  }

  /** Whether a person probably reads the messages. */
  get isOnTerminal(): boolean {
    return this.#out.isTTY === true;
  }

  /** Prints an important message, even if only errors are wanted. */
  announce(text: string): void {
    this.#say(printable(text));
  }

  /** Prints a note. */
  note(text: string): void {
    if (!this.#manner.quiet && !this.#isHushed) this.#say(printable(text));
  }

  /** Prints a detail for --verbose. */
  detail(text: string): void {
    if (this.#manner.verbose && !this.#isHushed) this.#say(printable(text));
  }

  /** Prints why the command failed and what to do. */
  fail({ what, hint }: Message, error: unknown): void {
    const label = this.#colours ? `${RED}error:${PLAIN}` : 'error:';
    this.#say(`${label} ${printable(what)}`);
    if (hint !== undefined) this.#write(`  ${printable(hint)}\n`);
    if (this.#manner.verbose)
      for (const line of described(error).split('\n')) this.#write(`  ${printable(line)}\n`);
  }

  /** Shows progress, replacing the previous line. */
  progress(text: string): void {
    // A line that fills the last column may wrap, and only one line is cleared.
    const most = (this.#out.columns || 80) - 1;
    this.#out.write(`${CLEAR_LINE}${`${NAME}: ${printable(text)}`.slice(0, most)}`);
    this.#hasProgress = true;
  }

  /** Removes the progress line. */
  endProgress(): void {
    if (this.#hasProgress) this.#out.write(CLEAR_LINE);
    this.#hasProgress = false;
  }

  #say(line: string): void {
    this.#write(`${NAME}: ${line}\n`);
  }

  #write(text: string): void {
    if (this.#isMute) return;
    this.endProgress();
    this.#out.write(text);
  }
}
