import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { pythonPath } from '../support/external-tool.js';
import { prerequisite } from '../support/prerequisite.js';
import { repositoryRoot } from '../support/repository.js';

const python = pythonWithEverySuite();

/** Ends the running test as skipped (in CI: as failed) where the independent reader cannot run. */
export function needsPython(context: Pick<TestContext, 'skip'>): void {
  prerequisite(context, python !== undefined, 'python3 with `cryptography` that has AES-GCM-SIV and SM4');
}

/** How one of the Python programs ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs one of the Python programs of this folder. */
export function runPython(program: string, args: readonly string[], input: string | Uint8Array = ''): Ended {
  const options = { input, maxBuffer: 2 ** 28 };
  const { status, stdout, stderr } = spawnSync(python ?? 'python3', [scriptPath(program), ...args], options);
  return { status, stdout, stderr: stderr.toString() };
}

/** Runs a program that takes a list of jobs and answers a list of the same length. */
export function runBatch<Job, Answer>(program: string, jobs: readonly Job[]): Answer[] {
  const { status, stdout, stderr } = runPython(program, [], JSON.stringify(jobs));
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
  const answers: Answer[] = JSON.parse(stdout.toString());
  if (answers.length !== jobs.length)
    throw new Error(`${program} answered ${answers.length} of ${jobs.length}`);
  return answers;
}

function scriptPath(program: string): string {
  return join(repositoryRoot, 'test', 'interop', program);
}

function pythonWithEverySuite(): string | undefined {
  const path = pythonPath();
  if (path === undefined) return undefined;
  return spawnSync(path, [scriptPath('batch_open.py'), '--check']).status === 0 ? path : undefined;
}
