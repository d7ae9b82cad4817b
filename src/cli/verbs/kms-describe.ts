import { printText } from '../files/print-text.js';
import { existingEmbeddedKms } from '../keys/embedded-kms.js';
import { parseLocalKey } from '../keys/key-reference.js';
import { requireKey, withAliases } from '../keys/local-keys.js';
import { printable, printableJson, quoted } from '../say/printable.js';
import type { Verb } from '../verb.js';
import { withKms } from './with-kms.js';

/** `sealpipe kms describe`. */
export const describeVerb: Verb = async ({ options, operands }, { env }) => {
  const name = parseLocalKey(operands[0]!);
  await withKms(await existingEmbeddedKms(env), async (kms) => {
    const key = await withAliases(kms, await requireKey(kms, name));
    if (options.has('json')) return printText(`${printableJson(key)}\n`);
    const rows = [
      ['key', `local:${key.keyId}`],
      ['arn', key.keyArn],
      ...key.aliases.map((alias) => ['alias', `local:${alias}`]),
      ['state', key.state],
      ...(key.deletion === undefined ? [] : [['deletion', key.deletion]]),
      ['created', key.created],
      ['description', quoted(key.description)],
      ['secret id', key.keyMaterialId],
      ['folder', kms.folder],
    ];
    await printText(
      rows.map(([label = '', value = '']) => `${label.padEnd(13)}${printable(value)}\n`).join(''),
    );
  });
};
