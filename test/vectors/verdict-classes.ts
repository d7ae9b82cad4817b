import type { Expectation } from './form.js';

/** The classes of FORMAT 7, as the files and the independent reader call them, and our codes. */
const CODES = {
  success: 'success',
  format: 'ERR_SEALPIPE_FORMAT',
  unsupported: 'ERR_SEALPIPE_UNSUPPORTED',
  limit: 'ERR_SEALPIPE_LIMIT',
  truncated: 'ERR_SEALPIPE_TRUNCATED',
  context: 'ERR_SEALPIPE_CONTEXT',
  'key mismatch': 'ERR_SEALPIPE_KEY_MISMATCH',
  authentication: 'ERR_SEALPIPE_AUTHENTICATION',
  'trailing data': 'ERR_SEALPIPE_TRAILING_DATA',
} as const satisfies Record<string, Expectation>;

/** Every class that a reader of a stream can come to. */
export const VERDICT_CLASSES: readonly string[] = Object.keys(CODES);

export function classOf(expectation: Expectation): string {
  const found = Object.entries(CODES).find(([, code]) => code === expectation);
  if (found === undefined) throw new Error(`No reader of a stream says ${expectation}`);
  return found[0];
}

export function expectationOf(verdictClass: string): Expectation {
  if (!Object.hasOwn(CODES, verdictClass)) throw new Error(`No class of FORMAT 7: ${verdictClass}`);
  return CODES[verdictClass as keyof typeof CODES];
}
