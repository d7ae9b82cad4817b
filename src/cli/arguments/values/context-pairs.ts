import { canonicalContext } from '../../../format/encryption-context.js';
import { misuse } from '../../terminal/command-error.js';
import { USAGE } from '../../terminal/messages/command-line.js';

/**
 * Reads the values of `--context`; undefined if none were given. A value may hold `=` and may be empty.
 *
 * @throws CommandError with status 2; TypeError `ERR_SEALPIPE_CONTEXT`
 */
export function contextPairs(pairs: readonly string[]): Readonly<Record<string, string>> | undefined {
  if (pairs.length === 0) return undefined;
  const context: Record<string, string> = Object.create(null);
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) throw misuse(USAGE.badPair());
    const name = pair.slice(0, at);
    if (Object.hasOwn(context, name)) throw misuse(USAGE.samePair(name));
    context[name] = pair.slice(at + 1);
  }
  return canonicalContext(context).encryptionContext;
}
