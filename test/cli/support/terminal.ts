import { join } from 'node:path';
import { expect } from 'vitest';
import { OWN_LIBRARY, pythonPath } from '../../support/external-tool.js';
import { repositoryRoot } from '../../support/repository.js';
import { runProcess } from '../../support/run-process.js';
import type { Place } from './command.js';
import { MAIN } from './command.js';

const SCRIPT = join(repositoryRoot, 'test/cli/support/terminal.py');

/** How a command ended that had a terminal. */
export interface OnTerminal {
  readonly status: number;
  readonly terminal: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command with a terminal for some of its descriptors, such as `02`. It takes python3. */
export async function onTerminal(
  descriptors: string,
  words: readonly string[],
  place: Place,
  { input = '', env = {} as Record<string, string> } = {},
): Promise<OnTerminal> {
  const { stdout, stderr } = await runProcess(
    pythonPath() ?? 'python3',
    [...OWN_LIBRARY, SCRIPT, descriptors, input, process.execPath, MAIN, ...words],
    { cwd: place.folder, env: { ...place.env, TERM: 'xterm', ...env } },
  );
  return stdout === '' ? expect.fail(stderr) : JSON.parse(stdout);
}
