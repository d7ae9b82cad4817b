import { suggestion } from '../../text/suggestion.js';
import { misuse } from '../terminal/command-error.js';
import { USAGE } from '../terminal/messages/command-line.js';
import type { NamedCommand } from './commands.js';
import { COMMANDS, findCommand, GROUPS } from './commands.js';

/** Options that may stand in place of a command: `--help` and `--version` (which takes `--json`). */
const INSTEAD_OF_COMMAND: ReadonlyMap<string, string> = new Map([
  ['--help', 'help'],
  ['-h', 'help'],
  ['--version', 'version'],
]);

/** A command, and the words after its name. */
export interface FoundCommand {
  readonly command: NamedCommand;
  readonly rest: readonly string[];
}

/**
 * Finds the command at the beginning of words. @throws CommandError with status 2, which suggests what was probably
 * meant
 */
export function findByWords(words: readonly string[]): FoundCommand {
  const [given = '', second = ''] = words;
  const first = INSTEAD_OF_COMMAND.get(given) ?? given;
  if (first === '') throw misuse(USAGE.noCommand());
  const isGroup = GROUPS.includes(first);
  const command = findCommand(isGroup ? `${first} ${second}` : first);
  if (command !== undefined) return { command, rest: words.slice(isGroup ? 2 : 1) };
  if (!isGroup) throw unknownCommand(first);
  if (second === '') throw misuse(USAGE.noSubcommand(first, subcommands(first)));
  if (['help', '--help', '-h'].includes(second)) return { command: findCommand('help')!, rest: [first] };
  throw unknownSubcommand(first, second);
}

/**
 * The command of this name, for the help. @throws CommandError with status 2, which suggests what was probably meant
 */
export function commandToExplain(name: string): NamedCommand {
  const command = findCommand(name);
  if (command !== undefined) return command;
  const [first = '', ...others] = name.split(' ');
  throw GROUPS.includes(first) ? unknownSubcommand(first, others.join(' ')) : unknownCommand(name);
}

/** The second words of the commands of a group. */
function subcommands(group: string): string[] {
  return COMMANDS.filter(({ name }) => name.startsWith(`${group} `)).map(({ name }) =>
    name.slice(group.length + 1),
  );
}

function unknownCommand(name: string): Error {
  if (name.startsWith('-')) {
    const candidate = suggestion(name, ['--help', '--version']);
    return misuse(USAGE.optionBeforeCommand(name, '', /^-v$/i.test(name) ? '--version' : candidate));
  }
  const names = [
    ...COMMANDS.map((command) => command.name).filter((known) => !known.includes(' ')),
    ...GROUPS,
  ];
  return misuse(USAGE.unknownCommand(name, suggestion(name, names)));
}

function unknownSubcommand(group: string, name: string): Error {
  if (name.startsWith('-')) return misuse(USAGE.optionBeforeCommand(name, `${group} `));
  return misuse(USAGE.unknownSubcommand(group, name, suggestion(name, subcommands(group))));
}
