import type { RecipientName } from '../../index.js';
import { localKeyArn, parseKeyArn } from '../../key-arn.js';
import { misuse } from '../terminal/command-error.js';
import { REWRAP_USAGE } from '../terminal/messages/rewrap.js';
import { providerOf } from './key-calls.js';
import { parseLocalKey } from './key-reference.js';
import type { KeySet } from './key-set.js';
import { requireKey } from './local/local-keys.js';

/** Providers whose recipients can be named directly: raw, and private ones, which have a dot. */
const BY_PROVIDER = /^(raw|aws-kms|[a-z0-9-]*\.[a-z0-9.-]*):(.+)$/s;
const RAW = 'raw:';

/** The recipient that a value of `--remove` names. @throws CommandError with status 2 or 5 */
export async function recipientNamed(text: string, keys: KeySet): Promise<RecipientName> {
  if (text.startsWith('local:')) {
    const name = parseLocalKey(text);
    if (!name.startsWith('alias/')) return { provider: 'aws-kms', key: localKeyArn(name) };
    return { provider: 'aws-kms', key: (await requireKey(await keys.embedded(), name)).keyArn };
  }
  if (text.startsWith('file:')) {
    const file = await providerOf({ kind: 'file', path: text.slice('file:'.length) });
    await file.close();
    return { provider: 'raw', key: file.id.slice(RAW.length) };
  }
  if (parseKeyArn(text) !== undefined) return { provider: 'aws-kms', key: text };
  const [, provider, key] = BY_PROVIDER.exec(text) ?? [];
  if (provider === undefined || key === undefined) throw misuse(REWRAP_USAGE.badRecipient(text));
  return { provider, key };
}
