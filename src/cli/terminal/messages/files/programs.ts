import type { Message } from '../../command-error.js';
import { shellQuoted } from '../../printable.js';

/** Wrong use of `encrypt -- CMD`. */
export const PROGRAM_USAGE = {
  optionOfProgram: (option: string, program: string): Message => ({
    what: `encrypt does not take ${option}`,
    hint: `Run sealpipe encrypt --help for a list. If it is an option of ${program}, write sealpipe encrypt -o FILE -- ${shellQuoted(program)} ${shellQuoted(option)} …`,
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
} as const;

/** Failures of the program whose output is sealed. */
export const PROGRAM_TROUBLE = {
  programNotFound: (program: string, why: string): Message => ({
    what: `cannot run ${program}: ${why}`,
  }),
  programFailed: (program: string, how: string): Message => ({
    what: `${program} ${how}, so the sealed stream was not finished`,
  }),
} as const;

/** Notes on that program. */
export const PROGRAM_NOTES = {
  okStatus: (program: string, status: number): string =>
    `${program} exited with status ${status}, which --ok-status allows`,
  runsAs: (program: string, id: number | undefined): string => `running ${program} as process ${id}`,
} as const;
