import type { CommandLine } from './arguments/command-line.js';
import { parseCommandLine } from './arguments/command-line.js';
import { loadCommand } from './commands/index.js';
import { failureOf, isReaderGone } from './exit-status.js';
import type { Invocation } from './invocation.js';
import { assertPrintable } from './io/output/print-text.js';
import type { SignalName } from './terminal/command-error.js';
import { EXIT, Interrupted, SIGNALS } from './terminal/command-error.js';
import { RUN_TROUBLE } from './terminal/messages/runs.js';

/** Runs one command line. @returns the exit status; never rejects */
export async function run(words: readonly string[], invocation: Invocation): Promise<number> {
  const { terminal, signal } = invocation;
  try {
    const line = parseCommandLine(words);
    terminal.configure({
      quiet: line.options.has('quiet'),
      verbose: line.options.has('verbose'),
      noProgress: line.options.has('no-progress'),
    });
    const act = await loadCommand(line);
    if (printsJson(line)) await assertPrintable();
    await act(line, invocation);
    return EXIT.done;
  } catch (error) {
    const name =
      error instanceof Interrupted ? error.signal : signal.aborted && (signal.reason as SignalName);
    if (name) {
      terminal.detail(RUN_TROUBLE.interrupted(name).what);
      return SIGNALS[name];
    }
    if (isReaderGone(error)) return EXIT.readerGone;
    const failure = failureOf(error);
    terminal.fail(failure, error);
    return failure.status;
  }
}

/** Whether standard output gets JSON. `inspect` writes it to the file that `-o` names. */
function printsJson({ command, options }: CommandLine): boolean {
  return options.has('json') && !(command.name === 'inspect' && options.has('output'));
}
