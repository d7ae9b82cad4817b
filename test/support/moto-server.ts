import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { startMoto } from '../../scripts/moto-server.mjs';

/** A moto_server of its own. */
export interface MotoServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts moto_server on a port that the system picks, and waits until it listens. */
export async function startMotoServer(): Promise<MotoServer> {
  const server = await startMoto();
  if (server === undefined) throw new Error('moto_server does not start');
  return server;
}

/** Waits until a server answers at all. */
export async function answers(url: string, within: number): Promise<void> {
  for (const giveUpAt = Date.now() + within; ; ) {
    try {
      await (await fetch(url)).arrayBuffer();
      return;
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** A port of this machine that nobody listens to. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
