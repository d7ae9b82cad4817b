import { isSealpipeError } from '../../../errors.js';
import { parseLocalKey } from '../../keys/key-reference.js';
import { existingEmbeddedKms } from '../../keys/local/embedded-kms.js';
import type { LocalKey } from '../../keys/local/local-keys.js';
import { findKey } from '../../keys/local/local-keys.js';
import { CommandError, EXIT, misuse } from '../../terminal/command-error.js';
import { KMS_NOTES } from '../../terminal/messages/keys/embedded-kms.js';
import { KEY_TROUBLE } from '../../terminal/messages/keys/keys.js';
import type { Command } from '../command.js';
import { withKms } from './with-kms.js';

/** `sealpipe kms purge`: the one command that destroys a key. */
export const purgeCommand: Command = async ({ options, operands }, { env, terminal }) => {
  const name = parseLocalKey(operands[0]!);
  await withKms(await existingEmbeddedKms(env), async (kms) => {
    // A missing key may be partly purged if an earlier run was killed: the KMS can tell.
    const key = await findKey(kms, name);
    if (key !== undefined) requirePurgeable(key, `local:${name}`, options.has('force'));
    await kms.kms.purge(name).catch((error) => {
      const isMissing = isSealpipeError(error) && error.code === 'ERR_SEALPIPE_KEY_NOT_FOUND';
      if (!isMissing) throw error;
      throw new CommandError(EXIT.key, KEY_TROUBLE.notInEmbeddedKms(`local:${name}`, kms.folder), error);
    });
    terminal.note(KMS_NOTES.keyPurged(`local:${name}`));
  });
};

function requirePurgeable({ deletion }: LocalKey, name: string, isForced: boolean): void {
  if (deletion === undefined) throw new CommandError(EXIT.key, KEY_TROUBLE.notToBeDeleted(name));
  if (Date.parse(deletion) > Date.now())
    throw new CommandError(EXIT.key, KEY_TROUBLE.keptUntil(name, deletion));
  if (!isForced) throw misuse(KEY_TROUBLE.purgeNeedsForce(name, deletion));
}
