import { printText } from '../files/print-text.js';
import { commandToExplain } from '../line/command-words.js';
import { GROUPS } from '../line/commands.js';
import { commandHelp, groupHelp, overview } from '../line/help.js';
import type { Verb } from '../verb.js';

/** `sealpipe help [COMMAND]`, and `--help` of every command. */
export const helpVerb: Verb = async ({ command, operands }) => {
  await printText(command.name === 'help' ? helpOn(operands.join(' ')) : commandHelp(command));
};

function helpOn(name: string): string {
  if (name === '') return overview();
  if (GROUPS.includes(name)) return groupHelp(name);
  return commandHelp(commandToExplain(name));
}
