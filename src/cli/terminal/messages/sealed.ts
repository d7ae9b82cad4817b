import type { Message } from '../command-error.js';
import { formatBytes } from '../units.js';

/** Wrong use of the commands that work on sealed files. */
export const SEALED_USAGE = {
  badRange: (text: string): Message => ({
    what: `invalid value ${text} for --range`,
    hint: 'Write A-B (both included), A- (from A on) or -N (the last N bytes).',
  }),
  noSuchRange: (text: string, size: number): Message => ({
    what: `there is nothing in the range ${text}: the plaintext has ${formatBytes(size)}`,
    hint: 'Bytes are counted from 0.',
  }),
  badSample: (text: string): Message => ({
    what: `invalid value ${text} for --sample`,
    hint: 'Write a percentage above 0 and up to 100, such as 5%.',
  }),
  notTogether: (one: string, other: string): Message => ({
    what: `${one} and ${other} do not go together`,
    hint: 'Leave one of them out.',
  }),
  inputTwice: (): Message => ({
    what: '- was named twice, and standard input can be read only once',
    hint: 'Name it once.',
  }),
  needsFile: (name: string, why: string): Message => ({
    what: `${name} is not a regular file: ${why}`,
    hint: 'Write it to a file first, and name that.',
    subject: name,
  }),
  needsOutput: (): Message => ({
    what: 'recover needs -o OUT',
    hint: 'Write sealpipe recover FILE -o OUT.',
  }),
  zeroFillOfRecords: (): Message => ({
    what: 'the size of gaps is unknown in the record layout',
    hint: 'Leave --zero-fill out.',
  }),
  otherHead: (head: string, name: string): Message => ({
    what: `${head} is the beginning of another stream than ${name}`,
    hint: 'Give the first bytes of the same stream, as they were kept elsewhere.',
  }),
} as const;

/** Failures of sealed files. */
export const SEALED_TROUBLE = {
  noFiles: (folder: string): Message => ({ what: `there are no files in ${folder}`, subject: folder }),
  ofSeveral: (failed: number, all: number): Message => ({
    what: failed > all ? (failed === 1 ? '1 failure' : `${failed} failures`) : `${failed} of ${all} failed`,
  }),
  at: (name: string, what: string): string => `${name}: ${what}`,
  missing: (gaps: number, bytes: number, output: string): Message => ({
    what: `something is missing: ${output} has ${formatBytes(bytes)}, with ${gaps} ${gaps === 1 ? 'gap' : 'gaps'}`,
    hint: 'The output is authentic but not complete: --json names the gaps.',
  }),
  nothingMissing: (fault: string): string => `nothing is missing. But decrypt refuses the file: ${fault}`,
  nothingSaved: (name: string): Message => ({ what: `nothing of ${name} could be saved` }),
} as const;
