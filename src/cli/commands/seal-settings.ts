import type { EncryptOptions, EngineName, LayoutName } from '../../index.js';
import type { SuiteName } from '../../suites.js';
import type { GivenOptions } from '../arguments/command-line.js';
import { contextPairs } from '../arguments/values/context-pairs.js';
import { frameSizeOption, sizeOption } from '../arguments/values/sizes.js';
import { misuse } from '../terminal/command-error.js';
import { USAGE } from '../terminal/messages/command-line.js';

/**
 * Reads the options of the stream, and checks them as far as possible without a key.
 *
 * @param isBound whether the place of an object is added to the encryption context
 * @throws CommandError with status 2
 */
export function sealSettings(options: GivenOptions, isBound = false): Omit<EncryptOptions, 'keys'> {
  const type = options.text('content-type');
  const encoding = options.text('content-encoding');
  const hints = { ...(type !== undefined && { type }), ...(encoding !== undefined && { encoding }) };
  if (options.has('withhold-context') && !options.has('context') && !isBound)
    throw misuse(USAGE.nothingToWithhold());
  return {
    suite: options.text('suite') as SuiteName | undefined,
    layout: options.text('layout') as LayoutName | undefined,
    engine: options.text('engine') as EngineName | undefined,
    frameSize: frameSizeOption(options),
    encryptionContext: contextPairs(options.texts('context')),
    withholdContext: options.has('withhold-context'),
    envelopePadding: !options.has('no-envelope-padding'),
    content: Object.keys(hints).length > 0 ? hints : undefined,
    expectedLength: sizeOption(options, 'expected-size'),
  };
}
