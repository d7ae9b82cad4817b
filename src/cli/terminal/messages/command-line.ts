import type { Message } from '../command-error.js';
import { shellQuoted } from '../printable.js';
import { formatBytes } from '../units.js';

/*
 * Every word that the command says on standard error, apart from what the library itself says of a failure.
 * Nothing is escaped here: the terminal does that with everything it says.
 */

const meant = (candidate: string | undefined): string | undefined =>
  candidate === undefined ? undefined : `Did you mean ${candidate}?`;

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
  optionOfProgram: (option: string, program: string): Message => ({
    what: `encrypt does not take ${option}`,
    hint: `Run sealpipe encrypt --help for a list. If it is an option of ${program}, write sealpipe encrypt -o FILE -- ${shellQuoted(program)} ${shellQuoted(option)} …`,
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
    const words = operands.map(shellQuoted).join(' ');
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
  okStatusNeedsProgram: (): Message => ({
    what: '--ok-status needs a command after --: only a command has an exit status',
    hint: 'Write sealpipe encrypt --ok-status 1 -- CMD ARGS…, or leave it out.',
  }),
  badStatuses: (list: string): Message => ({
    what: `invalid value ${list} for --ok-status`,
    hint: 'Give exit statuses from 0 to 255, separated by commas: --ok-status 1,2.',
  }),
  noProgram: (): Message => ({
    what: 'no command after --',
    hint: 'Write sealpipe encrypt -- CMD ARGS…, or ./-FILE for a file whose name starts with a dash.',
  }),
  fileAndProgram: (file: string): Message => ({
    what: `both a file (${file}) and a command after -- were given`,
    hint: 'Give only one of them.',
  }),
  badSize: (option: string, value: string): Message => ({
    what: `invalid value ${value} for --${option}`,
    hint: 'Give a whole number of bytes, with or without a unit: 4096, 64K or 64KiB, 10G or 10GiB, 10GB.',
  }),
  sizeTooLarge: (option: string): Message => ({
    what: `--${option} is over the 1 PiB that a stream can hold`,
  }),
  badDuration: (option: string, value: string): Message => ({
    what: `--${option} does not take ${value}`,
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
  badPair: (pair: string): Message => ({
    what: `invalid value ${pair} for --context`,
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
  secretToTerminal: (): Message => ({
    what: 'the secrets of a key are not shown on a terminal',
    hint: 'Write them to a file with -o FILE, or to a pipe.',
  }),
} as const;

/** Failures of files and other commands. */
export const TROUBLE = {
  cannotRead: (name: string, why: string): Message => ({ what: `cannot read ${name}: ${why}` }),
  cannotWrite: (name: string, why: string): Message => ({ what: `cannot write ${name}: ${why}` }),
  isDirectory: (name: string, hint: string): Message => ({ what: `${name} is a directory`, hint }),
  cutMeanwhile: (name: string): Message => ({
    what: `${name} became shorter while it was being read, so the sealed stream was not finished`,
    hint: 'Seal it again when nothing is writing to it.',
  }),
  exists: (name: string): Message => ({
    what: `${name} already exists`,
    hint: 'Choose another name, or use --force to replace it.',
  }),
  sameFile: (input: string, output: string): Message => ({
    what: `${output} is the same file as ${input}`,
    hint: 'Write to another file: any failure would destroy the input.',
  }),
  dangling: (name: string, target: string): Message => ({
    what: `${name} is a symbolic link to ${target}, which is not there`,
    hint: 'Name that file, or --force to make it.',
  }),
  foreignLink: (name: string, link: string): Message => ({
    what: `cannot write ${name}: the symbolic link ${link} belongs to another user, in a folder that everyone may write to`,
    hint: 'Name the file itself.',
  }),
  foreignFifo: (name: string): Message => ({
    what: `cannot write ${name}: this FIFO belongs to another user, in a folder that everyone may write to`,
    hint: 'If its reader may have the data, write to it with >.',
  }),
  changedMeanwhile: (name: string): Message => ({
    what: `cannot write ${name}: something else took its place meanwhile`,
  }),
  folderMoved: (name: string): Message => ({
    what: `cannot write ${name}: its folder was moved or replaced meanwhile`,
  }),
  mountPoint: (name: string): Message => ({
    what: `cannot replace ${name}: something is mounted there`,
    hint: `Without -o, > ${shellQuoted(name)} writes into it; its old content is then given up at once.`,
  }),
  nameLost: (name: string): Message => ({
    what: `${name} was removed or replaced while it was written: what was sealed is lost`,
  }),
  nameNotDurable: (name: string, why: string): Message => ({
    what: `${name} is there, but its folder cannot be made durable: ${why}`,
  }),
  manyLinks: (name: string): Message => ({ what: `cannot write ${name}: too many symbolic links` }),
  programNotFound: (program: string, why: string): Message => ({
    what: `cannot run ${program}: ${why}`,
  }),
  programFailed: (program: string, how: string): Message => ({
    what: `${program} ${how}, so the sealed stream was not finished`,
  }),
  noEnd: (name: string): string => `What was written to ${name} has no end: delete it.`,
  noEndOfRecords: (name: string): string =>
    `What was written to ${name} has no end: it opens as far as it goes, with status 4.`,
  noEndThere: (name: string): string => `What was written to ${name} has no end: do not use it.`,
  untouched: (name: string): string => `${name} was not created or changed.`,
  interrupted: (signal: string): Message => ({ what: `interrupted (${signal})` }),
  neverSettled: (): Message => ({
    what: 'the work was not done: something that it waited for neither came nor failed',
    hint: 'Nothing that it has written is whole. Run it again, without NODE_OPTIONS where that is set.',
  }),
  internal: (why: string): Message => ({
    what: `internal error: ${why}`,
    hint: 'Run it again with --verbose, and report what it prints.',
  }),
} as const;

/** Notes that are not errors. */
export const NOTES = {
  defaultKeyMade: (folder: string): string =>
    `made the key local:alias/default. It exists only in ${folder}: what it seals is lost with it. Back it up: cp -Rp ${shellQuoted(folder)} /path/to/backup/`,
  defaultKeyUsed: (folder: string): string =>
    `sealing with local:alias/default, which exists only in ${folder}: back it up`,
  sealedFor: (keys: readonly string[]): string => `sealed for ${keys.join(' and ')}`,
  vouches: (key: string): string => `opened with ${key}`,
  temporaryStays: (name: string, temporary: string, why: string): string =>
    `${temporary}, which is beside ${name}, cannot be removed: ${why}`,
  noLastFrame: (signal: string, name: string): string =>
    `interrupted (${signal}): what had come is in ${name}, which has no end`,
  readingTerminal: (): string => 'reading from the terminal until Ctrl-D at the start of a line',
  partialOutput: (bytes: number): string =>
    `up to ${formatBytes(bytes)} of verified plaintext were written, but that is not all of it`,
  keyMade: (folder: string): string =>
    `the key exists only in ${folder}: what it seals is lost with it. Back it up: cp -Rp ${shellQuoted(folder)} /path/to/backup/`,
  noKeysIn: (folder: string): string => `no keys in ${folder}`,
  keysIn: (folder: string): string => `keys in ${folder}`,
  keyToBeDeleted: (key: string, time: string): string =>
    `${key} can no longer be used, and can be purged from ${time} on. To keep it: sealpipe kms undelete ${key}`,
  keyKept: (key: string): string => `${key} is kept, and disabled: sealpipe kms enable ${key}`,
  keyPurged: (key: string): string => `${key} is gone for ever`,
  keyImported: (folder: string): string => `the key is in ${folder} now`,
  keyState: (key: string, state: string): string => `${key} is ${state}`,
  finished: (bytesIn: string, bytesOut: string, time: string, rate: string): string =>
    `${bytesIn} in, ${bytesOut} out, in ${time} (${rate})`,
  shape: (suite: string, frameSize: string, layout: string): string =>
    `${suite}, frames of ${frameSize}, ${layout} layout`,
  okStatus: (program: string, status: number): string =>
    `${program} exited with status ${status}, which --ok-status allows`,
  runsAs: (program: string, id: number | undefined): string => `running ${program} as process ${id}`,
} as const;
