import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { repositoryRoot } from '../support/repository.js';
import { type Finished, runProcess } from '../support/run-process.js';
import type { Snippet } from './readme-blocks.js';
import { runnable } from './snippet-types.js';

/** Runs snippets as a user would who has installed sealpipe in an empty folder and has no AWS account. */
export class SnippetRunner {
  readonly #folder: string;
  readonly #environment: Record<string, string | undefined>;
  #count = 0;

  /** @param folder an empty folder, in which everything runs */
  constructor(folder: string) {
    this.#folder = folder;
    const bin = join(folder, 'node_modules', '.bin');
    mkdirSync(bin, { recursive: true });
    symlinkSync(repositoryRoot, join(folder, 'node_modules', 'sealpipe'), 'junction');
    // A dependency that npm puts beside it, and that its users import as well.
    symlinkSync(
      join(repositoryRoot, 'node_modules', '@aws-sdk'),
      join(folder, 'node_modules', '@aws-sdk'),
      'junction',
    );
    const command = join(repositoryRoot, 'dist', 'cli', 'main.js');
    writeFileSync(join(bin, 'sealpipe'), `#!/bin/sh\nexec '${process.execPath}' '${command}' "$@"\n`);
    chmodSync(join(bin, 'sealpipe'), 0o755);
    this.#environment = {
      PATH: [bin, process.env.PATH].join(delimiter),
      SEALPIPE_HOME: join(folder, '.sealpipe'),
      SEALPIPE_KEY: undefined,
      ...Object.fromEntries(
        Object.keys(process.env).flatMap((name) => (/^AWS_/.test(name) ? [[name, undefined]] : [])),
      ),
    };
  }

  /** One shell snippet; the first command that fails ends it. */
  shell(snippet: Snippet): Promise<Finished> {
    return runProcess('bash', ['-euo', 'pipefail', '-c', snippet.code], {
      cwd: this.#folder,
      env: this.#environment,
    });
  }

  /** One TypeScript or JavaScript snippet. */
  script(snippet: Snippet): Promise<Finished> {
    this.#count += 1;
    const file = join(this.#folder, `snippet-${this.#count}.${snippet.language === 'cjs' ? 'cjs' : 'mjs'}`);
    writeFileSync(file, runnable(snippet));
    return runProcess(process.execPath, [file], { cwd: this.#folder, env: this.#environment });
  }
}
