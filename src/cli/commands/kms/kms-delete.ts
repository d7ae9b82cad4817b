import { parseLocalKey } from '../../keys/key-reference.js';
import { callEmbeddedKms, existingEmbeddedKms } from '../../keys/local/embedded-kms.js';
import { requireKey } from '../../keys/local/local-keys.js';
import { misuse } from '../../terminal/command-error.js';
import { KMS_NOTES } from '../../terminal/messages/keys/embedded-kms.js';
import { KEY_USAGE } from '../../terminal/messages/keys/keys.js';
import type { Command } from '../command.js';
import { withKms } from './with-kms.js';

/** Days, like in KMS. */
const SHORTEST = 7;
const LONGEST = 30;

/** `sealpipe kms delete`: the key still exists and can be restored until it is purged. */
export const deleteCommand: Command = async ({ options, operands }, { env, terminal }) => {
  const name = parseLocalKey(operands[0]!);
  const PendingWindowInDays = parseDays(options.text('in') ?? `${LONGEST}d`);
  await withKms(await existingEmbeddedKms(env), async (kms) => {
    const { keyId } = await requireKey(kms, name);
    await callEmbeddedKms(kms, 'ScheduleKeyDeletion', { KeyId: keyId, PendingWindowInDays });
    const { deletion } = await requireKey(kms, keyId);
    terminal.note(KMS_NOTES.keyToBeDeleted(`local:${name}`, deletion!));
  });
};

/** `sealpipe kms undelete`, which also works after the date. */
export const undeleteCommand: Command = async ({ operands }, { env, terminal }) => {
  const name = parseLocalKey(operands[0]!);
  await withKms(await existingEmbeddedKms(env), async (kms) => {
    const { keyId } = await requireKey(kms, name);
    await callEmbeddedKms(kms, 'CancelKeyDeletion', { KeyId: keyId });
    terminal.note(KMS_NOTES.keyKept(`local:${name}`));
  });
};

function parseDays(text: string): number {
  const [, digits] = /^([0-9]{1,3})d$/.exec(text) ?? [];
  const days = Number(digits);
  if (!(days >= SHORTEST && days <= LONGEST)) throw misuse(KEY_USAGE.badDeletionTime(text));
  return days;
}
