import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { toolPath } from './external-tool.js';

/** A moto_server of its own. */
export interface MotoServer {
  readonly url: string;
  close(): Promise<void>;
}

const STARTS_WITHIN = 30_000;

/** Starts moto_server on a free port of this machine, and waits until it answers. */
export async function startMotoServer(): Promise<MotoServer> {
  const command = toolPath('moto_server');
  if (command === undefined) throw new Error('there is no moto_server');
  const port = await freePort();
  const server = spawn(command, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const ended = once(server, 'exit');
  const url = `http://127.0.0.1:${port}`;
  const close = async (): Promise<void> => {
    server.kill('SIGKILL');
    await ended;
  };
  await answers(url).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { url, close };
}

/** Waits until a server answers at all. */
export async function answers(url: string, within = STARTS_WITHIN): Promise<void> {
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
