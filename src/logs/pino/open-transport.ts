import { isMainThread } from 'node:worker_threads';
import { ownThreadFiles } from '../../files/heads/system-files.js';
import { systemProcesses } from '../archive/lock/process-identity.js';
import { openOn } from '../writer/open-log-writer.js';
import { logSettings } from '../writer/options/log-options.js';
import { threadError } from './thread-error.js';
import type { PinoTransportOptions } from './transport-options.js';
import { closeKeys, openKeys, transportOptions } from './transport-options.js';
import type { PinoTransport } from './transport-stream.js';
import { TransportStream } from './transport-stream.js';

/**
 * Bytes of lines that come from the logger at once and share a unit: to seal, to hash and to write a unit costs as much
 * as the lines of 30 KiB. With a line that passes them, it still fits into 512 KiB.
 */
const AT_ONCE = 458_752;
/** Milliseconds in which pino ends the thread of a transport that failed. */
const GRACE = 1_000;

/**
 * What pino calls in the thread of the transport: opens the archive in a folder as `openLogWriter` does, and gives the
 * stream that pino writes to. Alone or at the end of a pipeline it takes lines; elsewhere in a pipeline it also passes
 * them on unchanged.
 *
 * @throws (rejects) Error, TypeError or RangeError with the code and the hint of what `keyFrom` or `openLogWriter`
 * failed with in its message, since pino emits it in another thread
 * @example
 * const logger = pino(pino.transport({
 *   target: 'sealpipe/pino',
 *   options: { directory: '/var/log/app', key: 'alias/logs', context: { app: 'shop' } },
 * }));
 */
export default async function openPinoTransport(options: PinoTransportOptions): Promise<PinoTransport> {
  try {
    const { names, writing } = transportOptions(options);
    const keys = await openKeys(names);
    const release = () => closeKeys(keys);
    try {
      const machine = { files: ownThreadFiles, processes: systemProcesses() };
      const writer = await openOn(machine, logSettings({ ...writing, keys }, AT_ONCE));
      return heard(new TransportStream(writer, release));
    } catch (error) {
      await release();
      throw error;
    }
  } catch (error) {
    throw threadError(error);
  }
}

/**
 * An error of the stream ends its thread, if nobody has done so within a moment: then pino emits it on the other side.
 * From Node 22 on, a pipeline of pino waits for ever for the end of a stream that waits for the pipeline.
 */
function heard(stream: TransportStream): TransportStream {
  if (isMainThread) return stream;
  return stream.once('error', (error) => {
    setTimeout(() => {
      throw error;
    }, GRACE);
  });
}
