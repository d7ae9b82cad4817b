import { COMMANDS, GROUPS } from '../line/commands.js';
import {
  allOptions,
  firstWords,
  operandWords,
  optionsOf,
  secondWords,
  singleQuoted,
  spellings,
  valuesOf,
} from './grammar.js';

/** A completion script for bash 3.2 and later, which needs no bash-completion. */
export function bashCompletion(): string {
  return `# bash completion for sealpipe: source <(sealpipe completion bash)
_sealpipe() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]}
  local command=\${COMP_WORDS[1]} at=1 words='' files=''
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${singleQuoted(words([...firstWords().map(([word]) => word), '--help', '--version']))} -- "$current"))
    return
  fi
  case $command in
${GROUPS.map(groupCase).join('\n')}
  esac
  local i
  for ((i = at + 1; i < COMP_CWORD; i++)); do
    if [ "$command \${COMP_WORDS[i]}" = 'encrypt --' ]; then
      if [ "$i" -eq $((COMP_CWORD - 1)) ]; then COMPREPLY=($(compgen -c -- "$current")); fi
      return
    fi
  done
  case $previous in
${allOptions()
  .filter(({ value }) => value !== undefined)
  .map(
    (option) =>
      `    ${spellings(option).join('|')}) ${valueAction(valuesOf(option), option.isFile)}; return ;;`,
  )
  .join('\n')}
  esac
  case $command in
${COMMANDS.map((command) => {
  const all = [...optionsOf(command).flatMap(spellings), ...(operandWords(command) ?? [])];
  return `    ${singleQuoted(command.name)}) words=${singleQuoted(words(all))} ;;`;
}).join('\n')}
  esac
  case $command in
    ${COMMANDS.filter((command) => 'operand' in command && command.operand === 'file')
      .map(({ name }) => singleQuoted(name))
      .join('|')}) files=yes ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  case $files$current in
    yes-*) ;;
    yes*) compopt -o default 2>/dev/null; COMPREPLY=() ;;
  esac
}
complete -F _sealpipe sealpipe
`;
}

function groupCase(group: string): string {
  const list = words(secondWords(group).map(([word]) => word));
  return `    ${group})
      if [ "$COMP_CWORD" -eq 2 ]; then
        COMPREPLY=($(compgen -W ${singleQuoted(list)} -- "$current"))
        return
      fi
      command="${group} \${COMP_WORDS[2]}" at=2 ;;`;
}

function valueAction(values: readonly string[], isFile: true | undefined): string {
  if (isFile) return 'compopt -o default 2>/dev/null';
  if (values.length === 0) return ':';
  const openEnded = values.some((value) => /[:/]$/.test(value)) ? 'compopt -o nospace 2>/dev/null; ' : '';
  return `${openEnded}COMPREPLY=($(compgen -W ${singleQuoted(words(values))} -- "$current"))`;
}

function words(list: readonly string[]): string {
  return list.join(' ');
}
