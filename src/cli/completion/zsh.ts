import type { Command } from '../line/commands.js';
import { COMMANDS, GROUPS } from '../line/commands.js';
import type { OptionWithName } from './grammar.js';
import {
  firstWords,
  operandWords,
  optionsOf,
  secondWords,
  singleQuoted,
  spellings,
  valuesOf,
} from './grammar.js';

/** A completion script for zsh 5 and later: a file for `fpath`, or a script to source after compinit. */
export function zshCompletion(): string {
  return `#compdef sealpipe
# zsh completion for sealpipe: source <(sealpipe completion zsh), or a file _sealpipe in fpath
_sealpipe() {
  local command=$words[2]
  if (( CURRENT == 2 )); then
    local -a commands=(${described(firstWords())})
    _describe command commands
    return
  fi
  case $command in
${GROUPS.map(groupCase).join('\n')}
    *)
      shift words
      (( CURRENT -= 1 ))
      ;;
  esac
  case $command in
${COMMANDS.map(commandCase).join('\n')}
  esac
}
if [[ $funcstack[1] == _sealpipe ]]; then _sealpipe "$@"; else compdef _sealpipe sealpipe; fi
`;
}

function groupCase(group: string): string {
  return `    ${group})
      if (( CURRENT == 3 )); then
        local -a commands=(${described(secondWords(group))})
        _describe command commands
        return
      fi
      command="${group} $words[3]"
      shift 2 words
      (( CURRENT -= 2 ))
      ;;`;
}

function commandCase(command: Command): string {
  const operand = operandWords(command);
  const specs = [
    ...optionsOf(command).map(optionSpecs),
    ...(command.takesProgram ? [`'(-)--[seal what a command writes]:*:: :_normal'`] : []),
    ...(operand === undefined ? [] : [`':what:(${operand.join(' ')})'`]),
    ...(command.operand === 'file' ? [`':file:_files'`] : []),
  ];
  return `    ${singleQuoted(command.name)})\n      _arguments -s \\\n        ${specs.join(' \\\n        ')}\n      ;;`;
}

/** Such as `'(-o --output)'{-o,--output}'[write to FILE]:FILE:_files'`. */
function optionSpecs(option: OptionWithName): string {
  const names = spellings(option);
  const about = option.about.replace(/[[\]:\\]/g, (character) => `\\${character}`);
  const action = option.isFile
    ? '_files'
    : valuesOf(option).length > 0
      ? `(${zshWords(valuesOf(option))})`
      : ' ';
  const tail = `[${about}]${option.value === undefined ? '' : `:${option.value}:${action}`}`;
  const excludes = option.repeats ? "'*'" : `'(${names.join(' ')})'`;
  const spelled = names.length === 1 ? singleQuoted(names[0]!) : `{${names.join(',')}}`;
  return `${excludes}${spelled}${singleQuoted(tail)}`;
}

function zshWords(values: readonly string[]): string {
  return values.map((value) => value.replaceAll(':', '\\:')).join(' ');
}

function described(words: readonly (readonly [string, string])[]): string {
  return words.map(([word, about]) => singleQuoted(`${word}:${about}`)).join(' ');
}
