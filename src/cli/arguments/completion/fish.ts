import type { NamedCommand } from '../commands.js';
import { COMMANDS, GROUPS } from '../commands.js';
import type { OptionWithName } from './grammar.js';
import {
  allOptions,
  firstWords,
  LIST_KEYS,
  operandWords,
  optionsOf,
  secondWords,
  singleQuoted,
  valuesOf,
} from './grammar.js';

/** A completion script for fish 3 and later. */
export function fishCompletion(): string {
  const lines = [HEAD];
  for (const [word, about] of firstWords()) lines.push(complete('__sealpipe_words', word, about));
  for (const group of GROUPS) {
    for (const [word, about] of secondWords(group)) {
      lines.push(complete(`__sealpipe_words ${group}`, word, about));
      lines.push(complete(`__sealpipe_words help ${group}`, word, about));
    }
  }
  for (const command of COMMANDS) lines.push(...commandLines(command));
  lines.push(`complete -c sealpipe -n __sealpipe_runs -x -a '(__sealpipe_program)'`);
  return `${lines.join('\n')}\n`;
}

const KEY_OPTIONS = allOptions()
  .filter(({ isKey }) => isKey)
  .map(({ name }) => name)
  .join('|');

const HEAD = `# fish completion for sealpipe
# Whether the words before the cursor are these and no others.
function __sealpipe_words
  set -l words (commandline -opc)
  test "$words[2..-1]" = "$argv"
end
# Whether the words before the cursor are those of a command, up to the program that it runs.
function __sealpipe_in
  set -l words (commandline -opc)
  set -l last (math (count $argv) + 1)
  test (count $words) -ge $last; and test "$words[2..$last]" = "$argv"; and not __sealpipe_runs
end
function __sealpipe_runs
  set -l words (commandline -opc)
  test "$words[2]" = encrypt; and contains -- -- $words
end
function __sealpipe_program
  set -l words (commandline -opc)
  set -l at (contains -i -- -- $words)
  complete -C (string join ' ' -- (string escape -- $words[(math $at + 1)..-1]) (commandline -ct))
end
function __sealpipe_local_keys
  ${LIST_KEYS}
end
function __sealpipe_keys
  set -l typed (string replace -r '^(?:--(?:${KEY_OPTIONS})=|-k)' '' -- (commandline -ct))
  if string match -q 'file:*' -- $typed
    for path in (__fish_complete_path (string replace 'file:' '' -- $typed))
      echo file:$path
    end
  else if string match -q 'local:*' -- $typed
    __sealpipe_local_keys
  else
    printf '%s\\n' $argv
  end
end
complete -c sealpipe -f`;

function commandLines(command: NamedCommand): string[] {
  const when = `__sealpipe_in ${command.name}`;
  const lines: string[] = [];
  if (command.operand === 'file') lines.push(`complete -c sealpipe -n ${singleQuoted(when)} -F`);
  if (command.operand === 'key') {
    lines.push(`complete -c sealpipe -n ${singleQuoted(when)} -a '(__sealpipe_local_keys)'`);
  }
  for (const word of operandWords(command) ?? []) {
    lines.push(complete(`__sealpipe_words ${command.name}`, word, ''));
  }
  for (const option of optionsOf(command)) lines.push(optionLine(when, option));
  return lines;
}

function complete(when: string, word: string, about: string): string {
  const description = about === '' ? '' : ` -d ${singleQuoted(about)}`;
  return `complete -c sealpipe -n ${singleQuoted(when)} -a ${singleQuoted(word)}${description}`;
}

function optionLine(when: string, option: OptionWithName): string {
  const words = valuesOf(option).join(' ');
  const values = option.isKey ? `(__sealpipe_keys ${words})` : words;
  return [
    `complete -c sealpipe -n ${singleQuoted(when)} -l ${option.name}`,
    ...(option.short === undefined ? [] : [`-s ${option.short}`]),
    ...(option.value === undefined ? [] : [option.isFile ? '-r -F' : '-x']),
    ...(values === '' ? [] : [`-a ${singleQuoted(values)}`]),
    `-d ${singleQuoted(option.about)}`,
  ].join(' ');
}
