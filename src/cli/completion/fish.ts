import { COMMANDS, GROUPS } from '../line/commands.js';
import type { OptionWithName } from './grammar.js';
import { firstWords, operandWords, optionsOf, secondWords, singleQuoted, valuesOf } from './grammar.js';

/** A completion script for fish 3 and later. */
export function fishCompletion(): string {
  const lines = ['# fish completion for sealpipe', 'complete -c sealpipe -f'];
  for (const [word, about] of firstWords()) lines.push(complete('__fish_use_subcommand', word, about));
  for (const group of GROUPS) {
    const seconds = secondWords(group);
    const none = `__fish_seen_subcommand_from ${group}; and not __fish_seen_subcommand_from ${seconds.map(([word]) => word).join(' ')}`;
    for (const [word, about] of seconds) lines.push(complete(none, word, about));
  }
  for (const command of COMMANDS) {
    const when = command.name
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and ');
    if ('operand' in command && command.operand === 'file') {
      lines.push(`complete -c sealpipe -n ${singleQuoted(when)} -F`);
    }
    for (const word of operandWords(command) ?? []) lines.push(complete(when, word, ''));
    for (const option of optionsOf(command)) lines.push(optionLine(when, option));
  }
  return `${lines.join('\n')}\n`;
}

function complete(when: string, word: string, about: string): string {
  const description = about === '' ? '' : ` -d ${singleQuoted(about)}`;
  return `complete -c sealpipe -n ${singleQuoted(when)} -a ${singleQuoted(word)}${description}`;
}

function optionLine(when: string, option: OptionWithName): string {
  const values = valuesOf(option);
  return [
    `complete -c sealpipe -n ${singleQuoted(when)} -l ${option.name}`,
    ...(option.short === undefined ? [] : [`-s ${option.short}`]),
    ...(option.value === undefined ? [] : [option.isFile ? '-r -F' : '-x']),
    ...(values.length > 0 ? [`-a ${singleQuoted(values.join(' '))}`] : []),
    `-d ${singleQuoted(option.about)}`,
  ].join(' ');
}
