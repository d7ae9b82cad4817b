import type { Message } from '../command-error.js';

/** Wrong use of `rewrap`. */
export const REWRAP_USAGE = {
  notAFile: (name: string): Message => ({
    what: `rewrap works on files, and ${name} is not one`,
    hint: 'Name the files.',
  }),
  nothingToRewrap: (): Message => ({
    what: 'rewrap needs --to, --add or --remove',
    hint: 'Write sealpipe rewrap FILE… -k OLD --to NEW.',
  }),
  badRecipient: (key: string): Message => ({
    what: `invalid value ${key} for --remove`,
    hint: 'Name a key like sealpipe inspect does: its ARN, local:KEY-ID, or raw: and the fingerprint of a key file; or local:alias/NAME or file:PATH.',
  }),
} as const;

/** Failures of `rewrap`. */
export const REWRAP_TROUBLE = {
  cannotRewrap: (name: string, why: string): Message => ({
    what: `cannot re-wrap ${name}: ${why}`,
    subject: name,
  }),
  notAllRewrapped: (failed: number, all: number): Message => ({
    what: `${failed} of ${all} files were not re-wrapped`,
    hint: 'Run it again with the same files: those that are done are skipped.',
  }),
} as const;

/** Notes of `rewrap`. */
export const REWRAP_NOTES = {
  rewrapped: (file: string, way: string, keys: readonly string[]): string =>
    `${file}: re-wrapped ${way}, opens with ${keys.join(' and ')}`,
  wouldRewrap: (file: string, calls: readonly string[]): string =>
    calls.length === 0 ? `${file}: nothing to do` : `${file}: would ${calls.join(', then ')}`,
  nothingToDo: (file: string): string => `${file}: unchanged, because all of that is done`,
  finishedFirst: (file: string): string =>
    `${file}: an earlier re-wrap was interrupted, and was finished or undone first`,
  noSuchRecipient: (file: string, key: string): string => `${file}: was not sealed for ${key}`,
  allRewrapped: (done: number, left: number): string => `${done} re-wrapped, ${left} unchanged`,
  notSealed: (count: number): string =>
    count === 1 ? '1 file is not sealed, and was skipped' : `${count} files are not sealed, and were skipped`,
  notRevoked: (): string => 'older copies of the re-wrapped files still open with the keys that were removed',
} as const;
