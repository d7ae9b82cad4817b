import { printText } from '../../io/output/print-text.js';
import { parseLocalKey } from '../../keys/key-reference.js';
import { existingEmbeddedKms } from '../../keys/local/embedded-kms.js';
import type { NamedKey } from '../../keys/local/local-keys.js';
import { refuseDamaged, requireKey, withAliases } from '../../keys/local/local-keys.js';
import { printable, printableJson, quoted } from '../../terminal/printable.js';
import type { Command } from '../command.js';
import { withKms } from './with-kms.js';

/** `sealpipe kms describe`. */
export const describeCommand: Command = async ({ options, operands }, { env }) => {
  const name = parseLocalKey(operands[0]!);
  await withKms(await existingEmbeddedKms(env), async (kms) => {
    const { key, damaged } = await withAliases(kms, await requireKey(kms, name));
    await printText(options.has('json') ? `${printableJson(key)}\n` : table(key, kms.folder));
    refuseDamaged(damaged);
  });
};

function table(key: NamedKey, folder: string): string {
  const rows = [
    ['key', `local:${key.keyId}`],
    ['arn', key.keyArn],
    ...key.aliases.map((alias) => ['alias', `local:${alias}`]),
    ['state', key.state],
    ...(key.deletion === undefined ? [] : [['deletion', key.deletion]]),
    ['created', key.created],
    ['description', quoted(key.description)],
    ['secret id', key.keyMaterialId],
    ['folder', folder],
  ];
  return rows.map(([label = '', value = '']) => `${label.padEnd(13)}${printable(value)}\n`).join('');
}
