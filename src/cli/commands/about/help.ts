import { commandToExplain } from '../../arguments/command-words.js';
import { GROUPS } from '../../arguments/commands.js';
import { commandHelp, groupHelp, overview } from '../../arguments/help.js';
import { printText } from '../../io/output/print-text.js';
import type { Command } from '../command.js';

/** `sealpipe help [COMMAND]`, and `--help` of every command. */
export const helpCommand: Command = async ({ command, operands }) => {
  await printText(command.name === 'help' ? helpOn(operands.join(' ')) : commandHelp(command));
};

function helpOn(name: string): string {
  if (name === '') return overview();
  if (GROUPS.includes(name)) return groupHelp(name);
  return commandHelp(commandToExplain(name));
}
