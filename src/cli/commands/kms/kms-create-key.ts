import { printText } from '../../io/output/print-text.js';
import { parseAlias } from '../../keys/key-reference.js';
import { embeddedKms } from '../../keys/local/embedded-kms.js';
import { createKey, requireKey, withAliases } from '../../keys/local/local-keys.js';
import { misuse } from '../../terminal/command-error.js';
import { KMS_NOTES } from '../../terminal/messages/keys/embedded-kms.js';
import { KEY_TROUBLE, KEY_USAGE } from '../../terminal/messages/keys/keys.js';
import { printableJson } from '../../terminal/printable.js';
import type { Command } from '../command.js';
import { withKms } from './with-kms.js';

/** Characters; AWS's own limit. */
const LONGEST_DESCRIPTION = 8_192;

/** `sealpipe kms create-key`. */
export const createKeyCommand: Command = async ({ options }, { env, terminal }) => {
  const name = options.text('alias');
  const alias = name === undefined ? undefined : parseAlias(name);
  const description = options.text('description') ?? '';
  if (description.length > LONGEST_DESCRIPTION) throw misuse(KEY_USAGE.longDescription(LONGEST_DESCRIPTION));
  await withKms(await embeddedKms(env), async (kms) => {
    const keyId = await createKey(kms, alias, description);
    if (keyId === undefined) throw misuse(KEY_TROUBLE.aliasTaken(alias!));
    const text = options.has('json')
      ? printableJson((await withAliases(kms, await requireKey(kms, keyId))).key)
      : `local:${alias ?? keyId}`;
    await printText(`${text}\n`, { mayVanish: !options.has('json') });
    terminal.note(KMS_NOTES.keyMade(kms.folder));
  });
};
