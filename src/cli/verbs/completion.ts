import { suggestion } from '../../suggestion.js';
import { bashCompletion } from '../completion/bash.js';
import { fishCompletion } from '../completion/fish.js';
import { zshCompletion } from '../completion/zsh.js';
import { printText } from '../files/print-text.js';
import { misuse } from '../say/failure.js';
import { USAGE } from '../say/words.js';
import type { Verb } from '../verb.js';

const SHELLS: ReadonlyMap<string, () => string> = new Map([
  ['bash', bashCompletion],
  ['zsh', zshCompletion],
  ['fish', fishCompletion],
]);

/** `sealpipe completion`: made from the tables of commands and options, so that it knows them all. */
export const completionVerb: Verb = async ({ operands }) => {
  const [shell = ''] = operands;
  const script = SHELLS.get(shell);
  if (script === undefined) {
    const shells = [...SHELLS.keys()];
    throw misuse(USAGE.unknownShell(shell, shells, suggestion(shell, shells)));
  }
  await printText(script());
};
