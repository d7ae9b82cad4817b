import { spawn } from 'node:child_process';

/** How a child process ended. */
export interface Finished {
  /** The exit status; null when a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What {@link runProcess} takes besides the command. */
export interface RunOptions {
  readonly cwd?: string;
  /** Added to this process's environment; undefined removes a name. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to the child's standard input, which is then closed. */
  readonly input?: string | Uint8Array;
  /** Milliseconds after which the child is killed: 120,000 unless told. */
  readonly timeout?: number;
}

/** Runs a command to its end and resolves with what it said; rejects only when it cannot be started. */
export function runProcess(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      timeout: options.timeout ?? 120_000,
      killSignal: 'SIGKILL',
      shell: process.platform === 'win32' && /\.cmd$/.test(command),
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (status, signal) => {
      resolve({
        status,
        signal,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      });
    });
    child.stdin.on('error', () => {}); // a child that does not read its input is no failure of the caller
    child.stdin.end(options.input ?? '');
  });
}
