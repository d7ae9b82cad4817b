import { once } from 'node:events';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { outcome } from './outcome.js';
import { keys } from './test-keys.js';

/** Seals pieces in the record layout, each flushed as a frame of its own (or several, if it is longer than one). */
export async function recordStream(pieces: readonly Uint8Array[], frameSize = 4_096): Promise<Buffer> {
  const stream = createEncryptStream({ keys, layout: 'record', frameSize });
  const over = outcome(stream);
  await once(stream, 'header');
  for (const piece of pieces) {
    stream.write(piece);
    void stream.flush();
  }
  stream.end();
  return (await over).bytes;
}
