import type { KMSClientConfig } from '@aws-sdk/client-kms';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { startMotoServer } from '../../support/moto-server.js';

/** The KMS of a moto_server of its own. */
export interface Moto {
  readonly clientConfig: KMSClientConfig;
  /** Makes a key and returns its ARN. */
  createKey(): Promise<string>;
  close(): Promise<void>;
}

/** Starts moto_server, and waits until it answers. */
export async function startMoto(): Promise<Moto> {
  const server = await startMotoServer();
  const clientConfig = {
    region: 'eu-west-1',
    endpoint: server.url,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  };
  const client = new KMSClient(clientConfig);
  const close = async (): Promise<void> => {
    client.destroy();
    await server.close();
  };
  const createKey = async () => (await client.send(new CreateKeyCommand({}))).KeyMetadata!.Arn!;
  return { clientConfig, createKey, close };
}
