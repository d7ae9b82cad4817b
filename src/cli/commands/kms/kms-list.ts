import { printText } from '../../io/output/print-text.js';
import { embeddedKms, embeddedKmsIfThere } from '../../keys/local/embedded-kms.js';
import type { Listing, NamedKey } from '../../keys/local/local-keys.js';
import { listKeys, refuseDamaged } from '../../keys/local/local-keys.js';
import { KMS_NOTES } from '../../terminal/messages/keys/embedded-kms.js';
import { printable, printableJson } from '../../terminal/printable.js';
import type { Command } from '../command.js';
import { withKms } from './with-kms.js';

const NOTHING_THERE: Listing = { keys: [], damaged: [] };

/** `sealpipe kms list`: shows the readable keys, and names unreadable files. */
export const listCommand: Command = async ({ options }, { env, terminal }) => {
  const there = await embeddedKmsIfThere(env);
  await withKms(there ?? (await embeddedKms(env)), async (kms) => {
    const { keys, damaged } = there === undefined ? NOTHING_THERE : await listKeys(kms);
    if (options.has('json')) await printText(`${printableJson({ folder: kms.folder, keys })}\n`);
    else {
      terminal.note((keys.length === 0 ? KMS_NOTES.noKeysIn : KMS_NOTES.keysIn)(kms.folder));
      await printText(keys.map((key) => `${row(key)}\n`).join(''));
    }
    refuseDamaged(damaged);
  });
};

function row({ keyId, state, created, aliases }: NamedKey): string {
  const names = aliases.map((alias) => `local:${alias}`).join(' ');
  return printable(`${keyId}  ${state.padEnd(8)}  ${created.slice(0, 10)}  ${names}`.trimEnd());
}
