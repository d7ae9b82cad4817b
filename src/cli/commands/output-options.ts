import type { GivenOptions } from '../arguments/command-line.js';
import { isStandardOutput } from '../io/descriptors/standard-names.js';
import type { OutputCheck, OutputWish } from '../io/output/output.js';
import type { Message } from '../terminal/command-error.js';
import { misuse } from '../terminal/command-error.js';
import { USAGE } from '../terminal/messages/command-line.js';

/** The output in the options. */
export function outputWish(
  options: GivenOptions,
  input: OutputWish['input'],
  notForTerminal: Message | undefined,
  { assertFree }: { readonly assertFree: OutputCheck },
): OutputWish {
  return { path: options.text('output'), force: options.has('force'), input, assertFree, notForTerminal };
}

/** Whether a JSON summary is wanted, which needs standard output for itself. @throws CommandError with status 2 */
export function jsonWanted(options: GivenOptions): boolean {
  if (!options.has('json')) return false;
  if (isStandardOutput(options.text('output'))) throw misuse(USAGE.jsonNeedsFile());
  return true;
}
