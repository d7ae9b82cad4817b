import type { Message } from '../command-error.js';
import { shellQuoted } from '../printable.js';

const meant = (candidate: string | undefined): string | undefined =>
  candidate === undefined ? undefined : `Did you mean ${candidate}?`;

/** The most words of a command line that a hint repeats: a pattern of the shell may name thousands of files. */
const MOST_SHOWN = 8;

/** Wrong use: the command line itself. */
export const USAGE = {
  noCommand: (): Message => ({ what: 'no command given', hint: 'Run sealpipe --help for a list.' }),
  unknownCommand: (name: string, candidate?: string): Message => ({
    what: `unknown command ${name}`,
    hint: meant(candidate) ?? 'Run sealpipe --help for a list.',
  }),
  noSubcommand: (group: string, names: readonly string[]): Message => ({
    what: `${group} needs a command`,
    hint: `Choose one of ${names.join(', ')}.`,
  }),
  unknownSubcommand: (group: string, name: string, candidate?: string): Message => ({
    what: `unknown command ${group} ${name}`,
    hint: meant(candidate && `${group} ${candidate}`) ?? `Run sealpipe ${group} --help for a list.`,
  }),
  optionBeforeCommand: (option: string, group: string, candidate?: string): Message => ({
    what: `expected a command, not ${option}`,
    hint: meant(candidate) ?? `Options come after the command: sealpipe ${group}COMMAND [OPTIONS].`,
  }),
  unknownOption: (option: string, command: string, elsewhere: boolean, candidate?: string): Message => ({
    what: elsewhere ? `${command} does not take ${option}` : `unknown option ${option}`,
    hint: meant(candidate) ?? `Run sealpipe ${command} --help for a list.`,
  }),
  oneDash: (word: string): Message => ({
    what: `${word} starts with a single dash, so each of its letters would be an option`,
    hint: meant(`-${word}`),
  }),
  takesNoValue: (option: string): Message => ({ what: `${option} takes no value` }),
  needsValue: (option: string, value: string): Message => ({
    what: `${option} needs a value`,
    hint: `Write ${option} ${value}.`,
  }),
  looksLikeOption: (option: string, value: string): Message => ({
    what: `${option} is followed by ${value}, which looks like an option`,
    hint: option.startsWith('--')
      ? `If it is the value, write ${option}=${value}.`
      : `If it is the value, write ${option}${value}, or ./${value} for a file.`,
  }),
  givenTwice: (option: string): Message => ({ what: `${option} was given twice` }),
  notAChoice: (option: string, value: string, choices: readonly string[]): Message => ({
    what: `invalid value ${value} for ${option}`,
    hint: `Choose one of ${choices.join(', ')}.`,
  }),
  tooFewOperands: (command: string, usage: string): Message => ({
    what: `${command} needs an argument`,
    hint: `Usage: sealpipe ${command} ${usage}`,
  }),
  tooManyOperands: (operand: string, command: string, usage: string): Message => ({
    what: `unexpected argument ${operand}`,
    hint: `Usage: sealpipe ${command} ${usage}`,
  }),
  severalSources: (operands: readonly string[]): Message => {
    const shown = operands.slice(0, MOST_SHOWN).map(shellQuoted);
    const words = [...shown, ...(operands.length > MOST_SHOWN ? ['…'] : [])].join(' ');
    return {
      what: `unexpected argument ${operands[1]}: encrypt takes one file`,
      hint: `To seal what a command writes: sealpipe encrypt -o FILE -- ${words} (for several files: -- tar -cf - ${words} )`,
    };
  },
  emptyOperand: (): Message => ({
    what: 'an argument is empty',
    hint: 'Is a shell variable unset?',
  }),
  notText: (word: string): Message => ({
    what: `${word} is not valid UTF-8, or contains the character U+FFFD`,
    hint: 'Nothing was done. Use another name. The data itself may be anything.',
  }),
  badSize: (option: string, value: string): Message => ({
    what: `invalid value ${value} for --${option}`,
    hint: 'Give a whole number of bytes, with or without a unit: 4096, 64K or 64KiB, 10G or 10GiB, 10GB.',
  }),
  sizeTooLarge: (option: string): Message => ({
    what: `--${option} is over the 1 PiB that a stream can hold`,
  }),
  badDuration: (option: string, value: string): Message => ({
    what: `invalid value ${value} for --${option}`,
    hint: 'Write a time with a unit, up to 24 days: 500ms, 5s, 1m, 2h.',
  }),
  needsRecord: (option: string): Message => ({
    what: `--${option} needs --layout record: in the fixed layout a signal leaves nothing`,
    hint: `Add --layout record, or leave --${option} out.`,
  }),
  endNotKnown: (other: string): Message => ({
    what: `--end-on-signal does not go with ${other}, which says where the end is`,
    hint: 'Leave one of them out.',
  }),
  badFrameSize: (value: string): Message => ({
    what: `invalid value ${value} for --frame-size`,
    hint: 'It must be a power of two from 4K to 1M (4KiB to 1MiB).',
  }),
  // The value is not shown: it may be confidential.
  badPair: (): Message => ({
    what: 'invalid value for --context: it does not begin with NAME=',
    hint: 'Write --context NAME=VALUE.',
  }),
  samePair: (name: string): Message => ({
    what: `${name} was given twice with --context`,
    hint: 'Give each name only once.',
  }),
  nothingToWithhold: (): Message => ({
    what: '--withhold-context needs --context: there is nothing to withhold',
    hint: 'Give the pairs with --context NAME=VALUE, or leave --withhold-context out.',
  }),
  contextWithheld: (): Message => ({
    what: 'this stream withholds its encryption context',
    hint: 'Give all of its pairs with --context.',
  }),
  jsonNeedsFile: (): Message => ({
    what: '--json needs -o FILE, because the data goes to standard output',
    hint: 'Write to a file with -o, or leave --json out.',
  }),
  unknownShell: (shell: string, shells: readonly string[], candidate?: string): Message => ({
    what: `no completion for ${shell}`,
    hint: meant(candidate) ?? `Choose one of ${shells.join(', ')}.`,
  }),
  terminalInput: (command: string): Message => ({
    what: 'no input: a sealed stream cannot be typed',
    hint: `Name a file (sealpipe ${command} FILE), or pipe one in.`,
  }),
  ciphertextToTerminal: (): Message => ({
    what: 'a terminal cannot show a sealed stream',
    hint: 'Write it to a file with -o FILE, or to a pipe.',
  }),
} as const;
