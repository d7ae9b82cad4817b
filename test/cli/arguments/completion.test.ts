import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/arguments/commands.js';
import { bashCompletion } from '../../../src/cli/arguments/completion/bash.js';
import { fishCompletion } from '../../../src/cli/arguments/completion/fish.js';
import { optionsOf, SHELL_NAMES } from '../../../src/cli/arguments/completion/grammar.js';
import { zshCompletion } from '../../../src/cli/arguments/completion/zsh.js';
import { toolPath } from '../../support/external-tool.js';
import { NOT_THIS_RUN, onlyWhere, prerequisite } from '../../support/prerequisite.js';
import { runProcess } from '../../support/run-process.js';
import { tempFolder } from '../../support/temp-folder.js';

const SCRIPTS = { bash: bashCompletion(), zsh: zshCompletion(), fish: fishCompletion() };

describe.each(SHELL_NAMES)('the completion for %s', (shell) => {
  const script = SCRIPTS[shell as keyof typeof SCRIPTS];

  it('has every command, every option and every choice', () => {
    for (const command of COMMANDS) {
      for (const word of command.name.split(' ')) expect(script).toContain(word);
      for (const { name, choices } of optionsOf(command)) {
        expect(script).toMatch(shell === 'fish' ? ` -l ${name} ` : `--${name}`);
        // A colon would end the list of a spec of zsh.
        const spelled = (choice: string) => (shell === 'zsh' ? choice.replaceAll(':', '\\:') : choice);
        for (const choice of choices ?? []) expect(script).toContain(spelled(choice));
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

it('zsh completes every file of a command that takes several, and fish the keys of every option that takes one', () => {
  for (const name of ['inspect', 'verify', 'rewrap']) {
    const [, specs = ''] = SCRIPTS.zsh.split(`\n    '${name}')`);
    expect(specs.split(';;', 1)[0]).toContain("'*:file:_files'");
  }
  expect(SCRIPTS.fish).toContain("'^(?:--(?:key|to|add|remove)=|-k)'");
});

/** The keys that the command would name. */
const KEYS = `sealpipe() { printf '%s\\n' '00-id  Enabled   2026-01-01' '11-id  Disabled  2026-01-01  local:alias/a local:alias/b/c'; }`;

describe('in bash', () => {
  /** What bash puts in place of what it takes for the last word: it cuts words at ":" and "=", too. */
  async function completed(line: string, setUp = ''): Promise<string[]> {
    const words = line.split(/(?<=[:=])(?=[^ :=])|(?=[:=])| +/);
    const set = `COMP_LINE='${line}'; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}`;
    const program = `${SCRIPTS.bash}\n${KEYS}\n${set}; ${setUp}\n_sealpipe; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = await runProcess('bash', ['--norc', '-c', program]);
    expect(stderr).toBe('');
    return stdout.split('\n').filter((word) => word !== '');
  }

  it.each([
    ['sealpipe en', ['encrypt']],
    ['sealpipe kms d', ['describe', 'disable', 'delete']],
    ['sealpipe help kms d', ['describe', 'disable', 'delete']],
    ['sealpipe encrypt --ex', ['--expected-size']],
    ['sealpipe encrypt --suite AES-256-GCM-', ['AES-256-GCM-SIV']],
    ['sealpipe encrypt --suite=AES-256-GCM-', ['AES-256-GCM-SIV']],
    ['sealpipe kms export --out', ['--output']],
    ['sealpipe decrypt a -k al', ['alias/']],
    ['sealpipe decrypt a -k l', ['local:']],
    ['sealpipe decrypt a -k local:', ['00-id', 'alias/a', 'alias/b/c']],
    ['sealpipe decrypt a --key=local:alias/b', ['alias/b/c']],
    ['sealpipe decrypt -c a=b:c --engine no', ['node', 'noble']],
    ['sealpipe kms rotate ', ['local:00-id', 'local:alias/a', 'local:alias/b/c']],
    ['sealpipe completion z', ['zsh']],
    ['sealpipe decrypt --su', []],
    ['sealpipe decrypt --key=file:a', []],
  ])('%j goes on with %j', async (line, answers) => expect(await completed(line)).toEqual(answers));

  it('completes the program behind -- as a program', async () => {
    expect(await completed('sealpipe encrypt -- base6')).toContain('base64');
    const helper = '_comp_command_offset() { COMPREPLY=("offset $1"); }';
    expect(await completed('sealpipe encrypt -k local:alias/a -- ls --a', helper)).toEqual(['offset 7']);
  });

  it('completes whole words if bash does not split at their punctuation', async () => {
    const set = "COMP_WORDBREAKS=' '; COMP_WORDS=(sealpipe decrypt --key=local:alias/a); COMP_CWORD=2";
    expect(await completed('sealpipe decrypt --key=local:alias/a', set)).toEqual(['--key=local:alias/a']);
  });
});

describe('in fish', () => {
  beforeEach((context) => onlyWhere(context, toolPath('fish') !== undefined, 'fish is not there'));

  async function completed(line: string): Promise<string[]> {
    const keys = `function sealpipe; bash -c "${KEYS.replace(/^sealpipe\(\) /, '').replaceAll('\\', '\\\\')}"; end`;
    const program = `${SCRIPTS.fish}\n${keys}\ncomplete -C '${line}'`;
    const { stdout, stderr } = await runProcess('fish', ['--no-config', '-c', program]);
    expect(stderr).toBe('');
    return stdout
      .split('\n')
      .filter((word) => word !== '')
      .map((word) => word.split('\t')[0]!);
  }

  it.each([
    ['sealpipe enc', ['encrypt']],
    ['sealpipe kms di', ['disable']],
    ['sealpipe help kms di', ['disable']],
    ['sealpipe decrypt encrypt --acc', ['--account']],
    ['sealpipe encrypt --suite=AES-256-GCM-', ['--suite=AES-256-GCM-SIV']],
    ['sealpipe encrypt -k lo', ['local:']],
    ['sealpipe encrypt -k local:alias/b', ['local:alias/b/c']],
    ['sealpipe kms rotate local:0', ['local:00-id']],
    ['sealpipe encrypt -- base6', ['base64']],
    ['sealpipe completion z', ['zsh']],
    ['sealpipe version ', []],
  ])('%j is completed to %j', async (line, answers) => {
    expect(await completed(line)).toEqual(answers);
  });
});
