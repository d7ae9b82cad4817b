import { parseCommandLine } from './arguments/command-line.js';
import { commandOf } from './commands/index.js';
import { explain, isReaderGone } from './exit-status.js';
import type { Session } from './session.js';
import type { SignalName } from './terminal/command-error.js';
import { EXIT, Interrupted, SIGNALS } from './terminal/command-error.js';
import { RUN_TROUBLE } from './terminal/messages/runs.js';

/** Runs one command line. @returns the exit status; never rejects */
export async function run(words: readonly string[], session: Session): Promise<number> {
  const { terminal, signal } = session;
  try {
    const line = parseCommandLine(words);
    terminal.configure({
      quiet: line.options.has('quiet'),
      verbose: line.options.has('verbose'),
      noProgress: line.options.has('no-progress'),
    });
    const act = await commandOf(line);
    await act(line, session);
    return EXIT.done;
  } catch (error) {
    const name =
      error instanceof Interrupted ? error.signal : signal.aborted && (signal.reason as SignalName);
    if (name) {
      terminal.detail(RUN_TROUBLE.interrupted(name).what);
      return SIGNALS[name];
    }
    if (isReaderGone(error)) return EXIT.readerGone;
    const { status, words } = explain(error);
    terminal.fail(words, error);
    return status;
  }
}
