import type { ChildProcess, StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { isSystemError, reason } from '../../../system-error.js';
import type { Invocation } from '../../invocation.js';
import { CommandError, EXIT } from '../../terminal/command-error.js';
import { PROGRAM_NOTES, PROGRAM_TROUBLE } from '../../terminal/messages/files/programs.js';
import { namedDescriptors } from '../descriptors/named-descriptors.js';
import { openProgramOutput, readAtOnce } from './program-output.js';

const ZERO: ReadonlySet<number> = new Set([0]);

/** A command whose output is sealed: it reads our standard input and writes to our standard error. */
export class Program {
  readonly name: string;
  readonly #arguments: readonly string[];
  readonly #okStatuses: ReadonlySet<number>;
  readonly #invocation: Invocation;
  #child: ChildProcess | undefined;
  #output: Readable | undefined;
  #settle!: { readonly resolve: () => void; readonly reject: (why: CommandError) => void };
  /** Resolves when the command has ended with a status that counts as success, and rejects when it ends in any other way. */
  readonly succeeded: Promise<void>;

  /**
   * Starts nothing yet.
   *
   * @param words the command and its arguments
   * @param okStatuses the exit statuses that count as success
   */
  constructor(
    [name, ...rest]: readonly string[],
    invocation: Invocation,
    okStatuses: ReadonlySet<number> = ZERO,
  ) {
    this.name = name!;
    this.#arguments = rest;
    this.#okStatuses = okStatuses;
    this.#invocation = invocation;
    this.succeeded = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.succeeded.catch(() => undefined);
  }

  /** Starts it. @returns its output */
  async start(): Promise<Readable> {
    const { env, signal, terminal } = this.#invocation;
    const { spawn } = await import('node:child_process');
    const output = await openProgramOutput();
    this.#output = output.source;
    try {
      signal.throwIfAborted();
      const child = spawn(this.name, this.#arguments, { env, stdio: this.#stdio(output.stdio) });
      this.#child = child;
      const source = output.source ?? readAtOnce(child.stdout!);
      this.#output = source;
      child.once('exit', (status, killer) => this.#ended(status, killer));
      // A program of another user, such as sudo, cannot be signalled: it notices that nobody reads.
      child.on('error', () => undefined);
      signal.addEventListener('abort', () => this.tell(signal.reason as NodeJS.Signals), { once: true });
      await once(child, 'spawn');
      terminal.detail(PROGRAM_NOTES.runsAs(this.name, child.pid));
      return source;
    } catch (error) {
      this.#output?.destroy();
      if (signal.aborted) throw error;
      const why = isSystemError(error) ? notStarted(error) : String(error);
      throw new CommandError(EXIT.other, PROGRAM_TROUBLE.programNotFound(this.name, why), error);
    } finally {
      await output.release();
    }
  }

  /** Asks it to end if it still runs, and does not wait for it. */
  stop(): void {
    this.#output?.destroy();
    if (!this.#invocation.signal.aborted) this.tell('SIGTERM');
    this.#child?.unref();
  }

  /** Its descriptors: 0, 2 and those that its arguments name are ours. */
  #stdio(output: number | 'pipe'): StdioOptions {
    const stdio: (number | 'ignore' | 'inherit' | 'pipe')[] = ['inherit', output, 'inherit'];
    for (const descriptor of namedDescriptors(this.#arguments)) {
      while (stdio.length < descriptor) stdio.push('ignore');
      stdio[descriptor] = descriptor;
    }
    return stdio;
  }

  /** Passes a signal to it if it still runs. */
  tell(signal: NodeJS.Signals): void {
    const child = this.#child;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) child.kill(signal);
  }

  #ended(status: number | null, killer: NodeJS.Signals | null): void {
    // A status of null means a signal, which is never a success.
    if (status !== null && this.#okStatuses.has(status)) {
      if (status !== 0) this.#invocation.terminal.note(PROGRAM_NOTES.okStatus(this.name, status));
      this.#settle.resolve();
      return;
    }
    const how = killer === null ? `exited with status ${status}` : `was killed by ${killer}`;
    this.#settle.reject(new CommandError(EXIT.other, PROGRAM_TROUBLE.programFailed(this.name, how)));
  }
}

function notStarted(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'command not found';
  if (error.code === 'EACCES') return 'it is not a program that you may run';
  return reason(error);
}
