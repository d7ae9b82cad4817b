import type { Message } from '../command-error.js';
import { formatBytes } from '../units.js';

/** Failures of any run. */
export const RUN_TROUBLE = {
  interrupted: (signal: string): Message => ({ what: `interrupted (${signal})` }),
  neverSettled: (): Message => ({
    what: 'the work was not done: something that it waited for never happened',
    hint: 'Nothing that it has written is whole. Run it again, without NODE_OPTIONS if that is set.',
  }),
  internal: (why: string): Message => ({
    what: `internal error: ${why}`,
    hint: 'Run it again with --verbose, and report what it prints.',
  }),
} as const;

/** Notes of any run. */
export const RUN_NOTES = {
  sealedFor: (keys: readonly string[]): string => `sealed for ${keys.join(' and ')}`,
  openedWith: (key: string): string => `opened with ${key}`,
  readingTerminal: (): string => 'reading from the terminal until Ctrl-D at the start of a line',
  partialOutput: (bytes: number): string =>
    `up to ${formatBytes(bytes)} of verified plaintext were written, but that is not all of it`,
  finished: (bytesIn: string, bytesOut: string, time: string, rate: string): string =>
    `${bytesIn} in, ${bytesOut} out, in ${time} (${rate})`,
  shape: (suite: string, frameSize: string, layout: string): string =>
    `${suite}, frames of ${frameSize}, ${layout} layout`,
} as const;
