import type { KeyProvider, RewrapOptions } from '../../../index.js';
import type { KeyReference } from '../../../keys/index.js';
import type { GivenOptions } from '../../arguments/command-line.js';
import { contextPairs } from '../../arguments/values/context-pairs.js';
import type { Invocation } from '../../invocation.js';
import { parseKey } from '../../keys/key-reference.js';
import type { KeySet } from '../../keys/key-set.js';
import { trustOf } from '../../keys/keys-to-open.js';
import { recipientNamed } from '../../keys/recipient-reference.js';
import { misuse } from '../../terminal/command-error.js';
import { REWRAP_USAGE } from '../../terminal/messages/rewrap.js';
import { SEALED_USAGE } from '../../terminal/messages/sealed.js';

/** The changes that `rewrap` should make. */
export interface RewrapWish {
  readonly trust: ReturnType<typeof trustOf>;
  readonly to: readonly KeyReference[];
  readonly add: readonly KeyReference[];
  readonly remove: readonly string[];
  readonly rest: Omit<RewrapOptions, 'keys' | 'to' | 'add' | 'remove'>;
}

/** Reads the options, and checks them as far as possible without a key. @throws CommandError with status 2 */
export function rewrapWish(options: GivenOptions, { env }: Invocation): RewrapWish {
  const wish = {
    trust: trustOf(options, env),
    to: options.texts('to').map(parseKey),
    add: options.texts('add').map(parseKey),
    remove: options.texts('remove'),
    rest: {
      check: options.has('check'),
      neverUnwrap: options.has('never-unwrap'),
      breakLinks: options.has('break-links'),
      dryRun: options.has('dry-run'),
      encryptionContext: contextPairs(options.texts('context')),
    },
  };
  if (wish.to.length + wish.add.length + wish.remove.length === 0)
    throw misuse(REWRAP_USAGE.nothingToRewrap());
  const apart = wish.rest.check ? '--check' : wish.remove.length > 0 ? '--remove' : undefined;
  if (wish.rest.neverUnwrap && apart !== undefined) {
    throw misuse(SEALED_USAGE.notTogether(apart, '--never-unwrap'));
  }
  return wish;
}

/** The options of the library's `rewrap`, with the keys. */
export async function rewrapOptions(
  { trust, to, add, remove, rest }: RewrapWish,
  keys: KeySet,
): Promise<RewrapOptions> {
  const made = async (make: () => Promise<void>): Promise<KeyProvider[]> => {
    const before = keys.providers.length;
    await make();
    return keys.providers.slice(before);
  };
  const all = (references: readonly KeyReference[]) =>
    made(async () => {
      for (const reference of references) await keys.add(reference);
    });
  return {
    ...rest,
    keys: await made(async () => {
      if (trust.keys.length === 0 && trust.accounts.size === 0) await keys.addEmbedded();
      for (const reference of trust.keys) await keys.add(reference);
      for (const [partition, ids] of trust.accounts) await keys.addAccounts(partition, ids);
    }),
    to: await all(to),
    add: await all(add),
    remove: await Promise.all(remove.map((text) => recipientNamed(text, keys))),
  };
}
