import { suggestion } from '../../../text/suggestion.js';
import { bashCompletion } from '../../arguments/completion/bash.js';
import { fishCompletion } from '../../arguments/completion/fish.js';
import { zshCompletion } from '../../arguments/completion/zsh.js';
import { printText } from '../../io/output/print-text.js';
import { misuse } from '../../terminal/command-error.js';
import { USAGE } from '../../terminal/messages/command-line.js';
import type { Command } from '../command.js';

const SHELLS: ReadonlyMap<string, () => string> = new Map([
  ['bash', bashCompletion],
  ['zsh', zshCompletion],
  ['fish', fishCompletion],
]);

/** `sealpipe completion`: made from the tables of commands and options, so that it knows them all. */
export const completionCommand: Command = async ({ operands }) => {
  const [shell = ''] = operands;
  const script = SHELLS.get(shell);
  if (script === undefined) {
    const shells = [...SHELLS.keys()];
    throw misuse(USAGE.unknownShell(shell, shells, suggestion(shell, shells)));
  }
  await printText(script());
};
