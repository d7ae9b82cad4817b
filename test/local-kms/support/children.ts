import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { repositoryRoot } from '../../support/repository.js';

/** The built KMS. */
export const ENTRY = join(repositoryRoot, 'dist', 'local-kms.js');

export interface Child {
  /** Kills it as nothing can be caught: SIGKILL. */
  kill(): void;
  /** Called once so many lines have come. */
  atLine(count: number, act: () => void): void;
  /** When it has ended: its lines, which are JSON, and what it died of. */
  readonly ended: Promise<{
    readonly lines: readonly unknown[];
    readonly status: number | null;
    readonly stderr: string;
  }>;
}

/** Starts one of the child programs beside this file over the built KMS. */
export function startChild(program: string, args: readonly string[]): Child {
  if (!existsSync(ENTRY)) throw new Error('not built: there is no dist (npm run build)');
  const script = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(process.execPath, [script, ENTRY, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let wanted = { count: Number.POSITIVE_INFINITY, act: () => {} };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    if (stdout.split('\n').length > wanted.count) wanted.act();
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  return {
    kill: () => child.kill('SIGKILL'),
    atLine: (count, act) => (wanted = { count, act }),
    ended: new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (status) => {
        // A line is written by one system call, so the last one is whole, or was never begun.
        const lines = stdout
          .split('\n')
          .slice(0, -1)
          .map((line): unknown => JSON.parse(line));
        resolve({ lines, status, stderr });
      });
    }),
  };
}
