import { isMisuse } from '../../errors.js';
import type { KeyReference, NamedKeyProvider } from '../../keys/index.js';
import { keyFrom } from '../../keys/index.js';
import type { KmsKeyProvider, KmsOptions } from '../../keys/kms/index.js';
import { descriptorNamed } from '../../sources/descriptor-name.js';
import { isInherited } from '../io/descriptors/inherited-descriptors.js';
import { silenceSdkWarning } from '../io/sdk-warning.js';
import { CommandError, EXIT, misuse } from '../terminal/command-error.js';
import { KEY_TROUBLE, KEY_USAGE } from '../terminal/messages/keys/keys.js';

/** A provider for all keys of accounts of AWS KMS or of the embedded KMS. Loads AWS code. */
export async function kmsProvider(options: KmsOptions): Promise<KmsKeyProvider> {
  silenceSdkWarning();
  const { kms } = await import('../../keys/kms/index.js');
  return kms(options);
}

/** The key of a reference; AWS code is loaded for those of AWS KMS. */
export async function providerOf(
  reference: Exclude<KeyReference, { kind: 'local' }>,
): Promise<NamedKeyProvider> {
  if (reference.kind === 'file') {
    const descriptor = descriptorNamed(reference.path);
    if (descriptor !== undefined && !isInherited(descriptor)) throw notInherited(reference.path);
    try {
      return await keyFrom(`file:${reference.path}`);
    } catch (error) {
      throw isMisuse(error) ? misuse(KEY_USAGE.keyItself()) : error;
    }
  }
  silenceSdkWarning();
  return keyFrom(reference.keyId);
}

/** A descriptor that Node has opened itself is not a key of the user. */
function notInherited(path: string): CommandError {
  return new CommandError(EXIT.key, KEY_TROUBLE.cannotRead(path, 'no such file or directory'));
}
