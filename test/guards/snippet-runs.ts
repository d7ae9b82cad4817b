import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { repositoryRoot } from '../support/repository.js';
import { type Finished, runProcess } from '../support/run-process.js';
import type { PageBlock } from './page-blocks.js';
import { runnable } from './snippet-types.js';

/** The languages that a shell runs. */
export const SHELL = ['sh', 'bash', 'shell'];

/** Makes an empty folder one in which somebody has installed sealpipe. */
export function installHere(folder: string): void {
  const bin = join(folder, 'node_modules', '.bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(repositoryRoot, join(folder, 'node_modules', 'sealpipe'), 'junction');
  // A dependency that npm puts beside it and that its users import as well, and loggers that they have.
  for (const name of ['@aws-sdk', 'pino', 'winston']) {
    symlinkSync(join(repositoryRoot, 'node_modules', name), join(folder, 'node_modules', name), 'junction');
  }
  const command = join(repositoryRoot, 'dist', 'sealpipe.js');
  writeFileSync(join(bin, 'sealpipe'), `#!/bin/sh\nexec '${process.execPath}' '${command}' "$@"\n`);
  chmodSync(join(bin, 'sealpipe'), 0o755);
}

/** Runs blocks as a user would who has installed sealpipe and has no AWS account. */
export class SnippetRunner {
  readonly #folder: string;
  readonly #environment: Record<string, string | undefined>;

  /**
   * @param folder where sealpipe is installed, and everything runs
   * @param environment added to a user's own
   */
  constructor(folder: string, environment: Readonly<Record<string, string>> = {}) {
    this.#folder = folder;
    this.#environment = {
      PATH: [join(folder, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
      SEALPIPE_HOME: join(folder, '.sealpipe'),
      TMPDIR: folder,
      SEALPIPE_KEY: undefined,
      ...Object.fromEntries(
        Object.keys(process.env).flatMap((name) => (/^AWS_/.test(name) ? [[name, undefined]] : [])),
      ),
      ...environment,
    };
  }

  /** One block in a shell or a Node of its own; the first command that fails ends a shell. */
  run(block: PageBlock): Promise<Finished> {
    const options = { cwd: this.#folder, env: this.#environment };
    if (SHELL.includes(block.language))
      return runProcess('bash', ['-euo', 'pipefail', '-c', block.code], options);
    const file = join(this.#folder, block.language === 'cjs' ? 'recipe.cjs' : 'recipe.mjs');
    writeFileSync(file, runnable(block));
    return runProcess(process.execPath, [file], options);
  }
}
