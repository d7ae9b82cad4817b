import type { Words } from './command-error.js';
import { shellQuoted } from './printable.js';
import { formatBytes } from './units.js';

/*
 * Every word that the command says on standard error, apart from what the library itself says of a failure.
 * Nothing is escaped here: the voice does that with everything it says.
 */

const meant = (candidate: string | undefined): string | undefined =>
  candidate === undefined ? undefined : `Did you mean ${candidate}?`;

/** Wrong use: the command line itself. */
export const USAGE = {
  noCommand: (): Words => ({ what: 'no command given', advice: 'Run sealpipe --help for a list.' }),
  unknownCommand: (name: string, candidate?: string): Words => ({
    what: `unknown command ${name}`,
    advice: meant(candidate) ?? 'Run sealpipe --help for a list.',
  }),
  noSubcommand: (group: string, names: readonly string[]): Words => ({
    what: `${group} needs a command`,
    advice: `Choose one of ${names.join(', ')}.`,
  }),
  unknownSubcommand: (group: string, name: string, candidate?: string): Words => ({
    what: `unknown command ${group} ${name}`,
    advice: meant(candidate && `${group} ${candidate}`) ?? `Run sealpipe ${group} --help for a list.`,
  }),
  optionBeforeCommand: (option: string, group: string, candidate?: string): Words => ({
    what: `expected a command, not ${option}`,
    advice: meant(candidate) ?? `Options come after the command: sealpipe ${group}COMMAND [OPTIONS].`,
  }),
  unknownOption: (option: string, command: string, elsewhere: boolean, candidate?: string): Words => ({
    what: elsewhere ? `${command} does not take ${option}` : `unknown option ${option}`,
    advice: meant(candidate) ?? `Run sealpipe ${command} --help for a list.`,
  }),
  optionOfProgram: (option: string, program: string): Words => ({
    what: `encrypt does not take ${option}`,
    advice: `Run sealpipe encrypt --help for a list. If it is an option of ${program}, write sealpipe encrypt -o FILE -- ${shellQuoted(program)} ${shellQuoted(option)} …`,
  }),
  oneDash: (word: string): Words => ({
    what: `${word} starts with a single dash, so each of its letters would be an option`,
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
      ? `If it is the value, write ${option}=${value}.`
      : `If it is the value, write ${option}${value}, or ./${value} for a file.`,
  }),
  givenTwice: (option: string): Words => ({ what: `${option} was given twice` }),
  notAChoice: (option: string, value: string, choices: readonly string[]): Words => ({
    what: `invalid value ${value} for ${option}`,
    advice: `Choose one of ${choices.join(', ')}.`,
  }),
  tooFewOperands: (command: string, usage: string): Words => ({
    what: `${command} needs an argument`,
    advice: `Usage: sealpipe ${command} ${usage}`,
  }),
  tooManyOperands: (operand: string, command: string, usage: string): Words => ({
    what: `unexpected argument ${operand}`,
    advice: `Usage: sealpipe ${command} ${usage}`,
  }),
  severalSources: (operands: readonly string[]): Words => {
    const words = operands.map(shellQuoted).join(' ');
    return {
      what: `unexpected argument ${operands[1]}: encrypt takes one file`,
      advice: `To seal what a command writes: sealpipe encrypt -o FILE -- ${words} (for several files: -- tar -cf - ${words} )`,
    };
  },
  emptyOperand: (): Words => ({
    what: 'an argument is empty',
    advice: 'Is a shell variable unset?',
  }),
  notText: (word: string): Words => ({
    what: `${word} is not valid UTF-8, or contains the character U+FFFD`,
    advice: 'Nothing was done. Use another name. The data itself may be anything.',
  }),
  okStatusNeedsProgram: (): Words => ({
    what: '--ok-status needs a command after --: only a command has an exit status',
    advice: 'Write sealpipe encrypt --ok-status 1 -- CMD ARGS…, or leave it out.',
  }),
  badStatuses: (list: string): Words => ({
    what: `invalid value ${list} for --ok-status`,
    advice: 'Give exit statuses from 0 to 255, separated by commas: --ok-status 1,2.',
  }),
  noProgram: (): Words => ({
    what: 'no command after --',
    advice: 'Write sealpipe encrypt -- CMD ARGS…, or ./-FILE for a file whose name starts with a dash.',
  }),
  fileAndProgram: (file: string): Words => ({
    what: `both a file (${file}) and a command after -- were given`,
    advice: 'Give only one of them.',
  }),
  badSize: (option: string, value: string): Words => ({
    what: `invalid value ${value} for --${option}`,
    advice: 'Give a whole number of bytes, with or without a unit: 4096, 64K or 64KiB, 10G or 10GiB, 10GB.',
  }),
  sizeTooLarge: (option: string, value: string): Words => ({
    what: `--${option} ${value} is more than a stream can hold`,
    advice: 'A stream holds up to 1 PiB.',
  }),
  badDuration: (option: string, value: string): Words => ({
    what: `--${option} does not take ${value}`,
    advice: 'Write a time with a unit, up to 24 days: 500ms, 5s, 1m, 2h.',
  }),
  needsRecord: (option: string): Words => ({
    what: `--${option} needs --layout record: in the fixed layout a signal leaves nothing`,
    advice: `Add --layout record, or leave --${option} out.`,
  }),
  endNotKnown: (other: string): Words => ({
    what: `--end-on-signal does not go with ${other}, which says where the end is`,
    advice: 'Leave one of them out.',
  }),
  badFrameSize: (value: string): Words => ({
    what: `invalid value ${value} for --frame-size`,
    advice: 'It must be a power of two from 4K to 1M (4KiB to 1MiB).',
  }),
  badPair: (pair: string): Words => ({
    what: `invalid value ${pair} for --context`,
    advice: 'Write --context NAME=VALUE.',
  }),
  samePair: (name: string): Words => ({
    what: `${name} was given twice with --context`,
    advice: 'Give each name only once.',
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
    what: '--json needs -o FILE, because the data goes to standard output',
    advice: 'Write to a file with -o, or leave --json out.',
  }),
  unknownShell: (shell: string, shells: readonly string[], candidate?: string): Words => ({
    what: `no completion for ${shell}`,
    advice: meant(candidate) ?? `Choose one of ${shells.join(', ')}.`,
  }),
  terminalInput: (command: string): Words => ({
    what: 'no input: a sealed stream cannot be typed',
    advice: `Name a file (sealpipe ${command} FILE), or pipe one in.`,
  }),
  ciphertextToTerminal: (): Words => ({
    what: 'a terminal cannot show a sealed stream',
    advice: 'Write it to a file with -o FILE, or to a pipe.',
  }),
  secretToTerminal: (): Words => ({
    what: 'the secrets of a key are not shown on a terminal',
    advice: 'Write them to a file with -o FILE, or to a pipe.',
  }),
} as const;

/** Failures of files and other commands. */
export const TROUBLE = {
  cannotRead: (name: string, why: string): Words => ({ what: `cannot read ${name}: ${why}` }),
  cannotWrite: (name: string, why: string): Words => ({ what: `cannot write ${name}: ${why}` }),
  isDirectory: (name: string, advice: string): Words => ({ what: `${name} is a directory`, advice }),
  cutMeanwhile: (name: string): Words => ({
    what: `${name} became shorter while it was being read, so the sealed stream was not finished`,
    advice: 'Seal it again when nothing is writing to it.',
  }),
  exists: (name: string): Words => ({
    what: `${name} already exists`,
    advice: 'Choose another name, or use --force to replace it.',
  }),
  sameFile: (input: string, output: string): Words => ({
    what: `${output} is the same file as ${input}`,
    advice: 'Write to another file: any failure would destroy the input.',
  }),
  dangling: (name: string, target: string): Words => ({
    what: `${name} is a symbolic link to ${target}, which is not there`,
    advice: 'Name that file, or --force to make it.',
  }),
  foreignLink: (name: string, link: string): Words => ({
    what: `cannot write ${name}: the symbolic link ${link} belongs to another user, in a folder that everyone may write to`,
    advice: 'Name the file itself.',
  }),
  foreignFifo: (name: string): Words => ({
    what: `cannot write ${name}: this FIFO belongs to another user, in a folder that everyone may write to`,
    advice: 'If its reader may have the data, write to it with >.',
  }),
  changedMeanwhile: (name: string): Words => ({
    what: `cannot write ${name}: something else took its place meanwhile`,
  }),
  folderMoved: (name: string): Words => ({
    what: `cannot write ${name}: its folder was moved or replaced meanwhile`,
  }),
  mountPoint: (name: string): Words => ({
    what: `cannot replace ${name}: something is mounted there`,
    advice: `Without -o, > ${shellQuoted(name)} writes into it; its old content is then given up at once.`,
  }),
  nameLost: (name: string): Words => ({
    what: `${name} was removed or replaced while it was written: what was sealed is lost`,
  }),
  nameNotDurable: (name: string, why: string): Words => ({
    what: `${name} is there, but its folder cannot be made durable: ${why}`,
  }),
  manyLinks: (name: string): Words => ({ what: `cannot write ${name}: too many symbolic links` }),
  programNotFound: (program: string, why: string): Words => ({
    what: `cannot run ${program}: ${why}`,
  }),
  programFailed: (program: string, how: string): Words => ({
    what: `${program} ${how}, so the sealed stream was not finished`,
  }),
  noEnd: (name: string): string => `What was written to ${name} has no end: delete it.`,
  noEndOfRecords: (name: string): string =>
    `What was written to ${name} has no end: it opens as far as it goes, with status 4.`,
  noEndThere: (name: string): string => `What was written to ${name} has no end: do not use it.`,
  untouched: (name: string): string => `${name} was not created or changed.`,
  interrupted: (signal: string): Words => ({ what: `interrupted (${signal})` }),
  neverSettled: (): Words => ({
    what: 'the work was not done: something that it waited for neither came nor failed',
    advice: 'Nothing that it has written is whole. Run it again, without NODE_OPTIONS where that is set.',
  }),
  internal: (why: string): Words => ({
    what: `internal error: ${why}`,
    advice: 'Run it again with --verbose, and report what it prints.',
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
