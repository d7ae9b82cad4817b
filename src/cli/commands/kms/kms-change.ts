import { parseLocalKey } from '../../keys/key-reference.js';
import { callEmbeddedKms, existingEmbeddedKms } from '../../keys/local/embedded-kms.js';
import { requireKey } from '../../keys/local/local-keys.js';
import { KMS_NOTES } from '../../terminal/messages/keys/embedded-kms.js';
import type { Command } from '../command.js';
import { withKms } from './with-kms.js';

/** `sealpipe kms disable`. */
export const disableCommand: Command = change('DisableKey', 'disabled');

/** `sealpipe kms enable`. */
export const enableCommand: Command = change('EnableKey', 'enabled');

/** `sealpipe kms rotate`. */
export const rotateCommand: Command = change('RotateKeyOnDemand', 'rotated: back it up again');

function change(operation: string, outcome: string): Command {
  return async ({ operands }, { env, terminal }) => {
    const name = parseLocalKey(operands[0]!);
    await withKms(await existingEmbeddedKms(env), async (kms) => {
      // The operations of AWS take only a key id, but people know their keys by alias.
      const { keyId } = await requireKey(kms, name);
      await callEmbeddedKms(kms, operation, { KeyId: keyId });
      terminal.note(KMS_NOTES.keyState(`local:${name}`, outcome));
    });
  };
}
