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
  spellings,
  valuesOf,
} from './grammar.js';

/** A completion script for bash 3.2 and later, which does not need bash-completion but uses it if it is installed. */
export function bashCompletion(): string {
  return `# bash completion for sealpipe: source <(sealpipe completion bash)
${HELPERS}
_sealpipe() {
  local words=() count=0 current previous value command at=1 i
  _sealpipe_words
  COMPREPLY=()
  command=\${words[1]}
  if [ "$count" -eq 2 ]; then
    _sealpipe_offer ${list([...firstWords().map(([word]) => word), '--help', '--version'])}
    return
  fi
  case $command in
${GROUPS.map(groupCase).join('\n')}
    help)
      case $count-\${words[2]} in
${GROUPS.map((group) => `        4-${group}) _sealpipe_offer ${secondList(group)}; return ;;`).join('\n')}
      esac ;;
  esac
  for ((i = at + 1; i < COMP_CWORD; i++)); do
    if [ "$command \${COMP_WORDS[i]}" = 'encrypt --' ]; then
      _sealpipe_program $((i + 1))
      return
    fi
  done
  case $previous in
${allOptions()
  .filter(({ value }) => value !== undefined)
  .map((option) => `    ${spellings(option).join('|')}) ${valueAction(option)}; return ;;`)
  .join('\n')}
  esac
  case $command in
${COMMANDS.map((command) => {
  const all = [...optionsOf(command).flatMap(spellings), ...(operandWords(command) ?? [])];
  return `    ${singleQuoted(command.name)}) _sealpipe_offer ${list(all)} ;;`;
}).join('\n')}
  esac
  case $current in
    -*) return ;;
  esac
  case $command in
    ${namesOf('key')}) _sealpipe_keys ;;
    ${namesOf('file')}) _sealpipe_files ;;
  esac
}
complete -F _sealpipe sealpipe
`;
}

const HELPERS = `# Bash also cuts words at ":" and "=": here they are put together again.
_sealpipe_words() {
  local rest=$COMP_LINE
  for ((i = 0; i <= COMP_CWORD; i++)); do
    if [[ $i -eq 0 || $rest == [[:blank:]]* ]]; then
      rest=\${rest#"\${rest%%[![:blank:]]*}"}
      words[count++]=\${COMP_WORDS[i]}
    else
      words[count - 1]+=\${COMP_WORDS[i]}
    fi
    rest=\${rest#"\${COMP_WORDS[i]}"}
  done
  current=\${words[count - 1]}
  previous=\${words[count - 2]}
  value=$current
  if [[ $current == --*=* ]]; then
    previous=\${current%%=*}
    value=\${current#*=}
  fi
}
# Offers those of some words that begin with what was typed, less what bash has cut off and keeps.
_sealpipe_offer() {
  local breaks=\${COMP_WORDBREAKS//[!:=]/} head=\${current%"$value"} kept='' word
  if [ -n "$breaks" ]; then kept=\${current%"\${current##*[$breaks]}"}; fi
  for word in $(compgen -W "$1" -- "$value"); do
    case $word in
      *[:/]) compopt -o nospace 2>/dev/null ;;
    esac
    word=$head$word
    COMPREPLY[\${#COMPREPLY[@]}]=\${word#"$kept"}
  done
}
_sealpipe_files() {
  compopt -o default 2>/dev/null
  COMPREPLY=()
}
_sealpipe_keys() {
  COMPREPLY=()
  _sealpipe_offer "$(${LIST_KEYS})"
}
_sealpipe_key_or_file() {
  case $value in
    file:*) _sealpipe_files ;;
    local:*) _sealpipe_keys ;;
    *) _sealpipe_offer "$1" ;;
  esac
}
# The words of another command, which begin at COMP_WORDS[$1].
_sealpipe_program() {
  if declare -F _comp_command_offset >/dev/null; then _comp_command_offset "$1"
  elif declare -F _command_offset >/dev/null; then _command_offset "$1"
  elif [ "$COMP_CWORD" -eq "$1" ]; then COMPREPLY=($(compgen -c -- "$current"))
  else _sealpipe_files
  fi
}`;

function groupCase(group: string): string {
  return `    ${group})
      if [ "$count" -eq 3 ]; then
        _sealpipe_offer ${secondList(group)}
        return
      fi
      command="${group} \${words[2]}" at=2 ;;`;
}

function secondList(group: string): string {
  return list(secondWords(group).map(([word]) => word));
}

function valueAction(option: OptionWithName): string {
  if (option.isFile) return '_sealpipe_files';
  const values = valuesOf(option);
  if (option.isKey) return `_sealpipe_key_or_file ${list(values)}`;
  return values.length === 0 ? ':' : `_sealpipe_offer ${list(values)}`;
}

function namesOf(operand: 'file' | 'key'): string {
  const commands = COMMANDS.filter((command) => 'operand' in command && command.operand === operand);
  return commands.map(({ name }) => singleQuoted(name)).join('|');
}

function list(words: readonly string[]): string {
  return singleQuoted(words.join(' '));
}
