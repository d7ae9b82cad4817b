import { parseCommandLine } from './line/command-line.js';
import { explain, isReaderGone } from './say/explain.js';
import type { SignalName } from './say/failure.js';
import { EXIT, Interrupted, SIGNALS } from './say/failure.js';
import { TROUBLE } from './say/words.js';
import type { Session } from './session.js';
import { verb } from './verbs.js';

/** Runs one command line. @returns the exit status; never rejects */
export async function run(words: readonly string[], session: Session): Promise<number> {
  const { voice, signal } = session;
  try {
    const line = parseCommandLine(words);
    voice.adopt({
      quiet: line.options.has('quiet'),
      verbose: line.options.has('verbose'),
      noProgress: line.options.has('no-progress'),
    });
    const act = await verb(line);
    await act(line, session);
    return EXIT.done;
  } catch (error) {
    const name =
      error instanceof Interrupted ? error.signal : signal.aborted && (signal.reason as SignalName);
    if (name) {
      voice.detail(TROUBLE.interrupted(name).what);
      return SIGNALS[name];
    }
    if (isReaderGone(error)) return EXIT.readerGone;
    const { status, words } = explain(error);
    voice.fail(words, error);
    return status;
  }
}
