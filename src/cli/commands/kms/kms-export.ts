import { wipe } from '../../../bytes.js';
import { PRIVATE_FILE } from '../../../file-system.js';
import type { ExportedKey } from '../../../local-kms/index.js';
import { openOutput } from '../../io/output/open-output.js';
import { writeText } from '../../io/output/write-text.js';
import { KeyGuard } from '../../keys/key-guard.js';
import { parseLocalKey } from '../../keys/key-reference.js';
import { existingEmbeddedKms } from '../../keys/local/embedded-kms.js';
import { encodeExport } from '../../keys/local/exported-key.js';
import { requireKey } from '../../keys/local/local-keys.js';
import { KMS_USAGE } from '../../terminal/messages/keys/embedded-kms.js';
import type { Command } from '../command.js';
import { outputWish } from '../output-options.js';
import { withKms } from './with-kms.js';

/** `sealpipe kms export`. */
export const exportCommand: Command = async ({ options, operands }, invocation) => {
  const name = parseLocalKey(operands[0]!);
  await withKms(await existingEmbeddedKms(invocation.env), async (kms) => {
    const { keyId } = await requireKey(kms, name);
    const guard = await KeyGuard.for([], invocation);
    const wish = outputWish(options, undefined, KMS_USAGE.secretToTerminal(), guard);
    const output = await openOutput({ ...wish, mode: PRIVATE_FILE }, invocation);
    let exported: ExportedKey | undefined;
    try {
      exported = await kms.kms.exportKey(keyId);
      await writeText(encodeExport(exported), output);
    } catch (error) {
      await output.discard();
      throw error;
    } finally {
      wipe(...(exported?.keyMaterials ?? []).map(({ keyMaterial }) => keyMaterial));
    }
  });
};
