import type { Input } from '../files/input.js';
import type { OutputCheck, OutputWish } from '../files/output.js';
import { isStandardOutput } from '../files/standard-names.js';
import type { GivenOptions } from '../line/command-line.js';
import type { Words } from '../say/failure.js';
import { misuse } from '../say/failure.js';
import { USAGE } from '../say/words.js';

/** Where the options say that the output goes. */
export function outputWish(
  options: GivenOptions,
  input: Input | undefined,
  notForTerminal: Words | undefined,
  { assertFree }: { readonly assertFree: OutputCheck },
): OutputWish {
  return { path: options.text('output'), force: options.has('force'), input, assertFree, notForTerminal };
}

/** Whether a summary in JSON is wanted, for which standard output must be free. @throws Failure with status 2 */
export function jsonWanted(options: GivenOptions): boolean {
  if (!options.has('json')) return false;
  if (isStandardOutput(options.text('output'))) throw misuse(USAGE.jsonNeedsFile());
  return true;
}
