// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * @typedef {object} PipeRun
 * @property {number} seconds of the command, from its start to its end
 * @property {number} cpu seconds of CPU of the command alone
 */

/** `$1` is read, `$2` is where the output goes, and the rest is the command. What `time` says goes to descriptor 3. */
const SCRIPT = `set -o pipefail
TIMEFORMAT='%3R %3U %3S'
exec 3>&1
cat "$1" | { { time "\${@:3}" 2>&4; } 4>&2 2>&3; } | cat > "$2"`;

/**
 * Runs `cat INPUT | COMMAND | cat > OUTPUT`, with pipes of the system.
 *
 * @param {readonly string[]} command
 * @param {{ input: string, output: string, environment: NodeJS.ProcessEnv }} options
 * @returns {Promise<PipeRun>}
 * @throws Error if any of the three fails
 */
export async function runBetweenPipes(command, { input, output, environment }) {
  const child = spawn('bash', ['-c', SCRIPT, 'bash', input, output, ...command], {
    env: { ...environment, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [said, complaint] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    complaint += text;
  });
  const [status, signal] = await once(child, 'close');
  if (status !== 0)
    throw new Error(`${command.join(' ')} ended with ${signal ?? status}: ${complaint.trim()}`);
  const [seconds = Number.NaN, user = Number.NaN, system = Number.NaN] = said.trim().split(' ').map(Number);
  return { seconds, cpu: user + system };
}
