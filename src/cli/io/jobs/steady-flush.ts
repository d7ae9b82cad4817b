import type { EncryptStream } from '../../../index.js';

const INTERVAL = 1_000;

/** Flushes every second in which input arrived, so that a reader of the record layout waits at most that long. */
export function flushEverySecond(stream: EncryptStream): void {
  let flushed = 0;
  const timer = setInterval(() => {
    if (stream.bytesIn === flushed) return;
    flushed = stream.bytesIn;
    void stream.flush();
  }, INTERVAL).unref();
  stream.once('close', () => clearInterval(timer));
}
