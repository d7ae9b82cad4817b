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
 * Bytes of lines that arrive together from the logger and share a unit. Sealing, hashing and writing a unit cost as
 * much as 30 KiB of lines. Including the line that exceeds this size, a unit still fits into 512 KiB.
 */
const AT_ONCE = 458_752;
/** Milliseconds that pino gets to end the thread of a failed transport. */
const GRACE = 1_000;

/**
 * The function that pino calls in the thread of the transport. Opens the archive in a folder like `openLogWriter`, and
 * returns the stream that pino writes to. Alone or at the end of a pipeline it consumes lines; elsewhere in a pipeline
 * it also passes them on unchanged.
 *
 * @throws (rejects) Error, TypeError or RangeError whose message includes the code and the hint of the error of
 * `keyFrom` or `openLogWriter`, because pino emits it in another thread
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
 * If nobody ends the thread within a moment after an error of the stream, the error is thrown to end it, and pino emits
 * it in the main thread. From Node 22 on, a pino pipeline waits forever for the end of a stream that waits for the
 * pipeline.
 */
function heard(stream: TransportStream): TransportStream {
  if (isMainThread) return stream;
  return stream.once('error', (error) => {
    setTimeout(() => {
      throw error;
    }, GRACE);
  });
}
