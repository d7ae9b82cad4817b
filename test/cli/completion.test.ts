import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bashCompletion } from '../../src/cli/completion/bash.js';
import { fishCompletion } from '../../src/cli/completion/fish.js';
import { optionsOf, SHELL_NAMES } from '../../src/cli/completion/grammar.js';
import { zshCompletion } from '../../src/cli/completion/zsh.js';
import { COMMANDS } from '../../src/cli/line/commands.js';
import { toolPath } from '../support/external-tool.js';
import { NOT_THIS_RUN, prerequisite } from '../support/prerequisite.js';
import { runProcess } from '../support/run-process.js';
import { tempFolder } from '../support/temp-folder.js';

const SCRIPTS = { bash: bashCompletion(), zsh: zshCompletion(), fish: fishCompletion() };

describe.each(SHELL_NAMES)('the completion for %s', (shell) => {
  const script = SCRIPTS[shell as keyof typeof SCRIPTS];

  it('has every command, every option and every choice', () => {
    for (const command of COMMANDS) {
      for (const word of command.name.split(' ')) expect(script).toContain(word);
      for (const { name, choices } of optionsOf(command)) {
        expect(script).toMatch(shell === 'fish' ? ` -l ${name} ` : `--${name}`);
        for (const choice of choices ?? []) expect(script).toContain(choice);
      }
    }
  });

  it('is a script that the shell can read', async (context) => {
    const path = toolPath(shell);
    if (shell === 'bash') prerequisite(context, path !== undefined, shell);
    else if (path === undefined) context.skip(`${NOT_THIS_RUN}${shell} is not there`);
    const file = join(await tempFolder(), 'script');
    await writeFile(file, script);
    expect(await runProcess(shell, ['-n', file])).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('in bash', () => {
  async function completed(...words: string[]): Promise<string[]> {
    const set = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}`;
    const program = `${SCRIPTS.bash}\n${set}; _sealpipe; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = await runProcess('bash', ['--norc', '-c', program]);
    expect(stderr).toBe('');
    return stdout.split('\n').filter((word) => word !== '');
  }

  it.each([
    [['sealpipe', 'en'], ['encrypt']],
    [
      ['sealpipe', 'kms', 'd'],
      ['describe', 'disable'],
    ],
    [['sealpipe', 'encrypt', '--ex'], ['--expected-size']],
    [['sealpipe', 'encrypt', '--suite', 'AES-256-GCM-'], ['AES-256-GCM-SIV']],
    [['sealpipe', 'kms', 'export', '--out'], ['--output']],
    [['sealpipe', 'decrypt', 'a', '-k', 'al'], ['alias/']],
    [['sealpipe', 'completion', 'z'], ['zsh']],
    [['sealpipe', 'decrypt', '--su'], []],
    [['sealpipe', 'encrypt', '--', 'base6'], ['base64']],
  ])('%j completes to %j', async (words, answers) => {
    expect(await completed(...words)).toEqual(expect.arrayContaining(answers));
    if (answers.length === 0) expect(await completed(...words)).toEqual([]);
  });
});
