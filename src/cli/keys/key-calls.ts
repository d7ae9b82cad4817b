import { isMisuse } from '../../errors.js';
import type { KeyReference, NamedKeyProvider } from '../../keys/index.js';
import { keyFrom } from '../../keys/index.js';
import type { KmsKeyProvider, KmsOptions } from '../../keys/kms/index.js';
import { descriptorNamed } from '../../sources/descriptor-name.js';
import { isInherited } from '../io/descriptors/inherited-descriptors.js';
import { CommandError, EXIT, misuse } from '../terminal/command-error.js';
import { KEY_TROUBLE, KEY_USAGE } from '../terminal/messages/keys/keys.js';

/** Keeps the SDK from warning people, who cannot do anything about it, of the Node that they run. */
const NO_WARNING = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/** A provider for every key that some accounts have, of AWS KMS or the embedded one. Loads AWS code. */
export async function kmsProvider(options: KmsOptions): Promise<KmsKeyProvider> {
  process.env[NO_WARNING] ??= 'true';
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
  process.env[NO_WARNING] ??= 'true';
  return keyFrom(reference.keyId);
}

/** What Node has opened for itself is no key of the user's. */
function notInherited(path: string): CommandError {
  return new CommandError(EXIT.key, KEY_TROUBLE.cannotRead(path, 'no such file or directory'));
}
