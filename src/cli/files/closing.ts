import type { Writable } from 'node:stream';

/** Closes what a stream writes to, and waits until the system has let go of it. Never rejects. */
export function closed(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) return resolve();
    stream.on('error', () => undefined).once('close', resolve);
    stream.destroy();
  });
}
