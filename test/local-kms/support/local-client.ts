import { CreateKeyCommand, KMSClient, KMSServiceException } from '@aws-sdk/client-kms';
import { onTestFinished } from 'vitest';
import type { LocalKms } from '../../../src/local-kms/index.js';
import { createLocalKms } from '../../../src/local-kms/index.js';

export interface LocalClient {
  readonly kms: LocalKms;
  /** The real client of AWS, over the KMS under test. */
  readonly client: KMSClient;
}

/** A KMS and a client of it, closed when the running test is over. */
export function localClient(directory?: string): LocalClient {
  const kms = createLocalKms(directory === undefined ? {} : { directory });
  const client = new KMSClient(kms.clientConfig);
  onTestFinished(() => kms.close());
  return { kms, client };
}

export interface CreatedKey {
  readonly keyId: string;
  readonly arn: string;
}

export async function createKey(client: KMSClient): Promise<CreatedKey> {
  const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
  return { keyId: KeyMetadata!.KeyId!, arn: KeyMetadata!.Arn! };
}

/** AWS's client shows an empty message as this word. */
export const NO_MESSAGE = 'UnknownError';

export interface Refusal {
  readonly name: string;
  readonly status: number | undefined;
  readonly message: string;
}

/** What a call was refused with; throws where it was not refused, or failed in any other way. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('value' in outcome) throw new Error('the call was not refused');
  const { error } = outcome;
  if (!(error instanceof KMSServiceException)) throw error;
  return { name: error.name, status: error.$metadata.httpStatusCode, message: error.message };
}

export const INVALID_CIPHERTEXT: Refusal = {
  name: 'InvalidCiphertextException',
  status: 400,
  message: NO_MESSAGE,
};

/** A refused parameter, in AWS's frame for such messages. */
export function validation(message: string): Refusal {
  return { name: 'ValidationException', status: 400, message };
}
