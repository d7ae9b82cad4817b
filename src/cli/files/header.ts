import type { StreamHeader } from '../../format/stream-header.js';
import { readHeader } from '../../streams/read-header.js';
import { isSystemError, reason } from '../say/explain.js';
import { EXIT, Failure } from '../say/failure.js';
import { TROUBLE } from '../say/words.js';
import type { Input } from './input.js';

/** Reads the header of an input, which can then be decrypted. Gives up when `signal` is aborted. */
export async function headerOf({ name, stream }: Input, signal: AbortSignal): Promise<StreamHeader> {
  const stop = () => void stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await readHeader(stream);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Failure(EXIT.other, TROUBLE.cannotRead(name, reason(error)), error);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
