import type { OptionNames } from '../options.js';
import { readOptions } from '../options.js';
import type { DecryptOptions, DecryptSettings } from '../session/decrypt-options.js';
import { decryptSettings } from '../session/decrypt-options.js';

/** Common options of all functions that open a sealed stream from a source. */
export interface SealedOptions
  extends Omit<DecryptOptions, 'readableHighWaterMark' | 'writableHighWaterMark'> {}

const SEALED_OPTIONS: OptionNames<SealedOptions> = {
  keys: true,
  engine: true,
  signal: true,
  encryptionContext: true,
  maxRecipients: true,
  maxFrameSize: true,
  maxPreambleSize: true,
};

/**
 * Separates the options of a call into the common settings and its own options.
 *
 * @param what the name of the function that takes the options, for the message
 * @param own the names of its own options
 * @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS`, or TypeError `ERR_SEALPIPE_CONTEXT`
 */
export function sealedSettings<T extends SealedOptions>(
  what: string,
  options: T,
  own: OptionNames<Omit<T, keyof SealedOptions>>,
): { readonly settings: DecryptSettings; readonly own: T } {
  const names = { ...SEALED_OPTIONS, ...own } as unknown as OptionNames<T>;
  const given = readOptions<T>(what, options, names);
  const shared = Object.entries(given).filter(([name]) => Object.hasOwn(SEALED_OPTIONS, name));
  return { settings: decryptSettings(Object.fromEntries(shared) as unknown as SealedOptions), own: given };
}
