import type { Words } from './failure.js';
import { shellQuoted } from './printable.js';
import { formatBytes } from './quantities.js';

/*
 * Every word that the command says on standard error, apart from what the library itself says of a failure.
 * Nothing is escaped here: the voice does that with everything it says.
 */

const meant = (candidate: string | undefined): string | undefined =>
  candidate === undefined ? undefined : `Did you mean ${candidate}?`;

/** Wrong use: the command line itself. */
export const USAGE = {
  noCommand: (): Words => ({ what: 'no command was given', advice: 'Run sealpipe --help for a list.' }),
  unknownCommand: (name: string, candidate?: string): Words => ({
    what: `there is no command ${name}`,
    advice: meant(candidate) ?? 'Run sealpipe --help for a list.',
  }),
  noSubcommand: (group: string, names: readonly string[]): Words => ({
    what: `${group} needs a command`,
    advice: `It has ${names.join(', ')}.`,
  }),
  unknownSubcommand: (group: string, name: string, candidate?: string): Words => ({
    what: `there is no command ${group} ${name}`,
    advice: meant(candidate && `${group} ${candidate}`) ?? `Run sealpipe ${group} --help for a list.`,
  }),
  optionBeforeCommand: (option: string, group: string, candidate?: string): Words => ({
    what: `${option} stands where a command should be`,
    advice: meant(candidate) ?? `Options come after the command: sealpipe ${group}COMMAND [OPTIONS].`,
  }),
  unknownOption: (option: string, command: string, elsewhere: boolean, candidate?: string): Words => ({
    what: elsewhere ? `${command} does not take ${option}` : `there is no option ${option}`,
    advice: meant(candidate) ?? `Run sealpipe ${command} --help for a list.`,
  }),
  optionOfProgram: (option: string, program: string): Words => ({
    what: `encrypt does not take ${option}`,
    advice: `Run sealpipe encrypt --help for a list. If it is an option of ${program}, write sealpipe encrypt -o FILE -- ${shellQuoted(program)} ${shellQuoted(option)}.`,
  }),
  oneDash: (word: string): Words => ({
    what: `${word} begins with one dash, and would be read letter by letter`,
    advice: meant(`-${word}`),
  }),
  takesNoValue: (option: string): Words => ({ what: `${option} takes no value` }),
  needsValue: (option: string, value: string): Words => ({
    what: `${option} needs a value`,
    advice: `Write ${option} ${value}.`,
  }),
  looksLikeOption: (option: string, value: string): Words => ({
    what: `${option} is followed by ${value}, which looks like an option`,
    advice: option.startsWith('--')
      ? `If it is meant as the value, write ${option}=${value}.`
      : `If it is meant as the value, write ${option}${value}, or ./${value} for a file.`,
  }),
  givenTwice: (option: string): Words => ({ what: `${option} was given twice` }),
  notAChoice: (option: string, value: string, choices: readonly string[]): Words => ({
    what: `${option} does not take ${value}`,
    advice: `It takes ${choices.join(', ')}.`,
  }),
  tooFewOperands: (command: string, usage: string): Words => ({
    what: `${command} lacks an argument`,
    advice: `Write sealpipe ${command} ${usage}.`,
  }),
  tooManyOperands: (operand: string, command: string, usage: string): Words => ({
    what: `there is no use for ${operand}`,
    advice: `Write sealpipe ${command} ${usage}.`,
  }),
  severalSources: (operands: readonly string[]): Words => {
    const words = operands.map(shellQuoted).join(' ');
    return {
      what: `there is no use for ${operands[1]}: encrypt takes one file`,
      advice: `To seal what a command writes: sealpipe encrypt -o FILE -- ${words}. To seal several files: sealpipe encrypt -o FILE -- tar -cf - ${words}.`,
    };
  },
  emptyOperand: (): Words => ({
    what: 'an argument is empty',
    advice: 'Is a variable of the shell not set?',
  }),
  notText: (word: string): Words => ({
    what: `${word} has bytes that are not UTF-8 text (or the character that stands for such bytes)`,
    advice: 'Nothing was done. Give it another name; data itself may be of any kind.',
  }),
  okStatusNeedsProgram: (): Words => ({
    what: '--ok-status needs a command after --: only a command has an exit status',
    advice: 'Write sealpipe encrypt --ok-status 1 -- CMD ARGS…, or leave it out.',
  }),
  badStatuses: (list: string): Words => ({
    what: `--ok-status does not take ${list}`,
    advice: 'Write exit statuses from 0 to 255 with commas between them: --ok-status 1,2.',
  }),
  noProgram: (): Words => ({
    what: 'no command follows --',
    advice: 'Write sealpipe encrypt -- CMD ARGS…, or ./-FILE for a file whose name begins with a dash.',
  }),
  fileAndProgram: (file: string): Words => ({
    what: `both the file ${file} and a command after -- are to be sealed`,
    advice: 'Give one of them.',
  }),
  badSize: (option: string, value: string): Words => ({
    what: `--${option} does not take ${value}`,
    advice: 'Write a whole number of bytes, or one with a unit: 4096, 64K or 64KiB, 10G or 10GiB, 10GB.',
  }),
  badFrameSize: (value: string): Words => ({
    what: `--frame-size does not take ${value}`,
    advice: 'It takes a power of two from 4K to 1M (4KiB to 1MiB).',
  }),
  badPair: (pair: string): Words => ({
    what: `--context does not take ${pair}`,
    advice: 'Write --context NAME=VALUE.',
  }),
  samePair: (name: string): Words => ({
    what: `--context gives ${name} twice`,
    advice: 'Give each name once.',
  }),
  nothingToWithhold: (): Words => ({
    what: '--withhold-context needs --context: there is nothing to withhold',
    advice: 'Give the pairs with --context NAME=VALUE, or leave --withhold-context out.',
  }),
  contextWithheld: (): Words => ({
    what: 'this stream withholds its encryption context',
    advice: 'Give all of its pairs with --context.',
  }),
  jsonNeedsFile: (): Words => ({
    what: '--json needs -o FILE: standard output carries the data',
    advice: 'Write to a file with -o, or leave --json out.',
  }),
  unknownShell: (shell: string, shells: readonly string[], candidate?: string): Words => ({
    what: `there is no completion for ${shell}`,
    advice: meant(candidate) ?? `There is for ${shells.join(', ')}.`,
  }),
  terminalInput: (command: string): Words => ({
    what: 'there is no input: a sealed stream cannot be typed',
    advice: `Name a file: sealpipe ${command} FILE. Or pipe one in.`,
  }),
  ciphertextToTerminal: (): Words => ({
    what: 'a sealed stream would go to the terminal, which cannot show it',
    advice: 'Write it to a file with -o FILE, or into a pipe.',
  }),
  secretToTerminal: (): Words => ({
    what: 'the secrets of a key would go to the terminal',
    advice: 'Write them to a file with -o FILE, or into a pipe.',
  }),
} as const;

/** What goes wrong with files and other commands. */
export const TROUBLE = {
  cannotRead: (name: string, why: string): Words => ({ what: `cannot read ${name}: ${why}` }),
  cannotWrite: (name: string, why: string): Words => ({ what: `cannot write ${name}: ${why}` }),
  isDirectory: (name: string, advice: string): Words => ({ what: `${name} is a directory`, advice }),
  cutMeanwhile: (name: string): Words => ({
    what: `${name} became shorter while it was read: what was read is not taken for whole`,
    advice: 'Seal it again when nothing writes to it.',
  }),
  exists: (name: string): Words => ({
    what: `${name} is there already`,
    advice: 'Give another name, or --force to replace it.',
  }),
  sameFile: (input: string, output: string): Words => ({
    what: `${output} is the same file as ${input}`,
    advice: 'Write to another file: the input would be lost, should anything fail.',
  }),
  manyLinks: (name: string): Words => ({ what: `cannot write ${name}: too many symbolic links` }),
  programNotFound: (program: string, why: string): Words => ({
    what: `cannot run ${program}: ${why}`,
  }),
  programFailed: (program: string, how: string): Words => ({
    what: `${program} ${how}: what it wrote is not taken for whole`,
  }),
  noEnd: (name: string, isRecord: boolean): string =>
    `What was written to ${name} has no end: ${isRecord ? 'it opens as far as it goes, with status 4' : 'delete it'}.`,
  nothing: (name: string): string => `Nothing was written to ${name}.`,
  interrupted: (signal: string): Words => ({ what: `interrupted (${signal})` }),
  internal: (why: string): Words => ({
    what: `something went wrong that should not: ${why}`,
    advice: 'Run it again with --verbose, and report what that says.',
  }),
} as const;

/** What is said by the way. */
export const NOTES = {
  defaultKeyMade: (folder: string): string =>
    `made the key local:alias/default. It exists only in ${folder}: what it seals is lost with it. Back it up: cp -Rp ${shellQuoted(folder)} /path/to/backup/`,
  defaultKeyUsed: (folder: string): string =>
    `sealing with local:alias/default, which exists only in ${folder}: back it up`,
  sealedFor: (keys: readonly string[]): string => `sealed for ${keys.join(' and ')}`,
  vouches: (key: string): string => `${key} vouches for this stream`,
  readingTerminal: (): string => 'reading what you type, until Ctrl-D at the beginning of a line',
  partialOutput: (bytes: number): string =>
    `up to ${formatBytes(bytes)} of verified plaintext went out, and they are not the whole`,
  keyMade: (folder: string): string =>
    `the key exists only in ${folder}: what it seals is lost with it. Back it up: cp -Rp ${shellQuoted(folder)} /path/to/backup/`,
  noKeysIn: (folder: string): string => `there are no keys in ${folder}`,
  keysIn: (folder: string): string => `the keys in ${folder}`,
  keyState: (key: string, state: string): string => `${key} is ${state}`,
  finished: (bytesIn: string, bytesOut: string, time: string, rate: string): string =>
    `${bytesIn} in, ${bytesOut} out, in ${time} (${rate})`,
  sealing: (suite: string, frameSize: string, layout: string): string =>
    `${suite}, frames of ${frameSize}, ${layout} layout`,
  okStatus: (program: string, status: number): string =>
    `${program} exited with status ${status}, which --ok-status takes for success`,
  runsAs: (program: string, id: number | undefined): string => `running ${program} as process ${id}`,
} as const;
