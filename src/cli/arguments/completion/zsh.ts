import type { NamedCommand } from '../commands.js';
import { COMMANDS, GROUPS } from '../commands.js';
import type { OptionWithName } from './grammar.js';
import {
  firstWords,
  LIST_KEYS,
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
_sealpipe_local_keys() {
  local -a keys=(\${(f)"$(${LIST_KEYS})"})
  compadd -- $keys
}
_sealpipe_key() {
  if compset -P 'file:'; then _files
  elif [[ $PREFIX == local:* ]]; then _sealpipe_local_keys
  else compadd -S '' "$@"
  fi
}
_sealpipe() {
  local command=$words[2]
  if (( CURRENT == 2 )); then
    local -a commands=(${described(firstWords())})
    _describe command commands
    return
  fi
  case $command in
${GROUPS.map(groupCase).join('\n')}
    help)
      if (( CURRENT == 4 )); then
        case $words[3] in
${GROUPS.map(
  (group) =>
    `          ${group}) compadd -- ${secondWords(group)
      .map(([word]) => word)
      .join(' ')}; return ;;`,
).join('\n')}
        esac
      fi
      shift words
      (( CURRENT -= 1 ))
      ;;
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

function commandCase(command: NamedCommand): string {
  const operand = operandWords(command);
  const specs = [
    ...optionsOf(command).map(optionSpecs),
    ...(command.takesProgram ? [`'(-)--[seal what a command writes]:*:: :_normal'`] : []),
    ...(operand === undefined ? [] : [`':what:(${operand.join(' ')})'`]),
    ...(command.operand === 'file' ? [`'${command.mostOperands > 1 ? '*' : ''}:file:_files'`] : []),
    ...(command.operand === 'key' ? [`':key:_sealpipe_local_keys'`] : []),
  ];
  return `    ${singleQuoted(command.name)})\n      _arguments -s \\\n        ${specs.join(' \\\n        ')}\n      ;;`;
}

/**
 * Such as `'(-o --output)'{-o+,--output=}'[write to FILE]:FILE:_files'`: the value is the next word, or in the same
 * word.
 */
function optionSpecs(option: OptionWithName): string {
  const { name, short, value } = option;
  const takesValue = value !== undefined;
  const long = `--${name}${takesValue ? '=' : ''}`;
  const names = short === undefined ? [long] : [`-${short}${takesValue ? '+' : ''}`, long];
  const about = option.about.replace(/[[\]:\\]/g, (character) => `\\${character}`);
  const tail = `[${about}]${takesValue ? `:${value}:${action(option)}` : ''}`;
  const excludes = option.repeats ? "'*'" : `'(${spellings(option).join(' ')})'`;
  const spelled = names.length === 1 ? singleQuoted(names[0]!) : `{${names.join(',')}}`;
  return `${excludes}${spelled}${singleQuoted(tail)}`;
}

function action(option: OptionWithName): string {
  if (option.isFile) return '_files';
  const values = valuesOf(option).map((value) => value.replaceAll(':', '\\:'));
  if (option.isKey) return `_sealpipe_key ${values.join(' ')}`;
  return values.length === 0 ? ' ' : `(${values.join(' ')})`;
}

function described(words: readonly (readonly [string, string])[]): string {
  return words.map(([word, about]) => singleQuoted(`${word}:${about}`)).join(' ');
}
