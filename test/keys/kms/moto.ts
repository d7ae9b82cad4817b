import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { KMSClientConfig } from '@aws-sdk/client-kms';
import { CreateKeyCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { toolPath } from '../../support/external-tool.js';

/** A moto_server of its own. */
export interface Moto {
  readonly clientConfig: KMSClientConfig;
  /** Makes a key and returns its ARN. */
  createKey(): Promise<string>;
  close(): Promise<void>;
}

const STARTS_WITHIN = 30_000;

/** Starts moto_server on a free port of this machine, and waits until it answers. */
export async function startMoto(): Promise<Moto> {
  const command = toolPath('moto_server');
  if (command === undefined) throw new Error('there is no moto_server');
  const port = await freePort();
  const server = spawn(command, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const ended = once(server, 'exit');
  const clientConfig = {
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  };
  const client = new KMSClient(clientConfig);
  const close = async (): Promise<void> => {
    client.destroy();
    server.kill('SIGKILL');
    await ended;
  };
  await answers(client).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const createKey = async () => (await client.send(new CreateKeyCommand({}))).KeyMetadata!.Arn!;
  return { clientConfig, createKey, close };
}

async function answers(client: KMSClient): Promise<void> {
  for (const giveUpAt = Date.now() + STARTS_WITHIN; ; ) {
    try {
      await client.send(new ListKeysCommand({}));
      return;
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
