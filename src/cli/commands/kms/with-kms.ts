import type { EmbeddedKms } from '../../keys/local/embedded-kms.js';
import { Refusal } from '../../keys/local/embedded-kms.js';
import { CommandError, EXIT } from '../../terminal/command-error.js';
import { KEY_TROUBLE } from '../../terminal/messages/keys/keys.js';

/** Works with the embedded KMS and closes it. A refusal is a failure with status 5. */
export async function withKms(kms: EmbeddedKms, act: (kms: EmbeddedKms) => Promise<void>): Promise<void> {
  try {
    await act(kms);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new CommandError(EXIT.key, KEY_TROUBLE.refused(error.message, error.name), error);
  } finally {
    await kms.kms.close();
  }
}
