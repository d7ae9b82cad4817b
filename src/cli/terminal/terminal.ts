import { inspect } from 'node:util';
import type { Message } from './command-error.js';
import { printable } from './printable.js';

/** All that is known of an error. An error that cannot be inspected must not hide that it happened. */
function described(error: unknown): string {
  try {
    return inspect(error, { customInspect: false });
  } catch {
    return 'an error that cannot be shown';
  }
}

/** How much is said. */
export interface Manner {
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly noProgress: boolean;
}

const NAME = 'sealpipe';
const RED = '\u001b[31m';
const PLAIN = '\u001b[0m';
const CLEAR_LINE = '\r\u001b[K';

/** The one place that writes to standard error. Whatever is said is escaped here, and only here. */
export class Terminal {
  readonly #out: NodeJS.WriteStream;
  /** A terminal that understands more than text. */
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
    // Nobody listens any more: that is no reason to fail.
    out.on('error', () => undefined);
  }

  /** Follows the options, once they are known. */
  configure(manner: Manner): void {
    this.#manner = manner;
  }

  /** Says nothing but why the command failed from now on. */
  hush(): void {
    this.#isHushed = true;
  }

  /** Says nothing from now on, whatever happens. */
  mute(): void {
    this.#isMute = true;
  }

  get isVerbose(): boolean {
    return this.#manner.verbose;
  }

  /** Whether progress can be seen, and is wanted. */
  get showsProgress(): boolean {
    return this.#isTerminal && !this.#isMute && !this.#manner.quiet && !this.#manner.noProgress;
  }

  /** Whether a person can be supposed to read what is said. */
  get isOnTerminal(): boolean {
    return this.#out.isTTY === true;
  }

  /** Says what must not be missed, even if only errors are wanted. */
  announce(text: string): void {
    this.#say(printable(text));
  }

  /** Says something by the way. */
  note(text: string): void {
    if (!this.#manner.quiet && !this.#isHushed) this.#say(printable(text));
  }

  /** Says what only the curious want to know. */
  detail(text: string): void {
    if (this.#manner.verbose && !this.#isHushed) this.#say(printable(text));
  }

  /** Says why the command failed, and what to do. */
  fail({ what, hint }: Message, error: unknown): void {
    const label = this.#colours ? `${RED}error:${PLAIN}` : 'error:';
    this.#say(`${label} ${printable(what)}`);
    if (hint !== undefined) this.#write(`  ${printable(hint)}\n`);
    if (this.#manner.verbose)
      for (const line of described(error).split('\n')) this.#write(`  ${printable(line)}\n`);
  }

  /** Shows how far things are, in place of what it showed before. */
  progress(text: string): void {
    this.#out.write(
      `${CLEAR_LINE}${NAME}: ${printable(text).slice(0, Math.max(20, (this.#out.columns || 80) - 11))}`,
    );
    this.#hasProgress = true;
  }

  /** Takes the progress away. */
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
