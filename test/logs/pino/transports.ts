import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import pino from 'pino';
import { onTestFinished } from 'vitest';
import type { Place } from './place.js';

/** A ThreadStream with what its types leave out. */
export type Transport = ReturnType<typeof pino.transport> & {
  readonly worker: Worker;
  ref(): void;
};

/** A transport that is held until the end of a test, as a program of its own would hold it. */
export function opened(options: Parameters<typeof pino.transport>[0]): Transport {
  const transport = pino.transport(options as pino.TransportSingleOptions) as Transport;
  transport.once('ready', () => transport.ref());
  onTestFinished(() => void transport.worker.terminate());
  return transport;
}

/** One that seals. */
export const sealed = (where: Place, more: Record<string, unknown> = {}): Transport =>
  opened({ target: 'sealpipe/pino', options: { ...where, ...more } });

/** Ends a transport as pino does. */
export async function close(transport: Transport): Promise<void> {
  const closed = once(transport, 'close');
  transport.end();
  await closed;
}

/** What a transport fails with. */
export const failureOf = async (transport: Transport): Promise<Error> => (await once(transport, 'error'))[0];

/** Resolves when `logger.flush` calls back. */
export const flushed = (logger: pino.Logger): Promise<void> =>
  new Promise((resolve, reject) => logger.flush((error) => (error ? reject(error) : resolve())));
