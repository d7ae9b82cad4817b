import { printText } from '../files/print-text.js';
import type { Command } from '../line/commands.js';
import { findCommand, GROUPS } from '../line/commands.js';
import { commandHelp, groupHelp, overview } from '../line/help.js';
import { misuse } from '../say/failure.js';
import { USAGE } from '../say/words.js';
import type { Verb } from '../verb.js';

/** `sealpipe help [COMMAND]`, and `--help` of every command. */
export const helpVerb: Verb = async ({ command, operands }) => {
  await printText(command.name === 'help' ? helpOn(operands.join(' ')) : commandHelp(command));
};

function helpOn(name: string): string {
  if (name === '') return overview();
  if (GROUPS.includes(name)) return groupHelp(name);
  const command: Command | undefined = findCommand(name);
  if (command === undefined) throw misuse(USAGE.noHelp(name));
  return commandHelp(command);
}
