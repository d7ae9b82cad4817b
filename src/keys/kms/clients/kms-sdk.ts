import type { KmsOperation, OwnCommandClient } from '../../own-command.js';
import { OWN_COMMAND } from '../../own-command.js';
import type { KmsClientLike } from '../client-like.js';

/** The AWS SDK, loaded by the first call that needs it: loading it takes longer than all the rest of the package. */
export function kmsSdk(): Promise<typeof import('@aws-sdk/client-kms')> {
  return import('@aws-sdk/client-kms');
}

/** Creates the command that makes a client call an operation. */
export async function commandFor(
  client: KmsClientLike,
  operation: KmsOperation,
  input: object,
): Promise<object> {
  const own = client as Partial<OwnCommandClient>;
  if (own[OWN_COMMAND] !== undefined) return own[OWN_COMMAND](operation, input);
  const sdk = await kmsSdk();
  const commands: Readonly<Record<KmsOperation, new (input: never) => object>> = {
    GenerateDataKey: sdk.GenerateDataKeyCommand,
    Encrypt: sdk.EncryptCommand,
    Decrypt: sdk.DecryptCommand,
    ReEncrypt: sdk.ReEncryptCommand,
  };
  return new commands[operation](input as never);
}
