import type { SealedSource } from './byte-source.js';
import { HeldSource } from './held-source.js';

/**
 * Works with a source and closes it afterwards, even if the work fails.
 *
 * @throws (rejects) the error of `work`; otherwise the error of closing
 */
export async function withSource<T>(
  source: SealedSource,
  work: (held: HeldSource) => Promise<T>,
): Promise<T> {
  const held = new HeldSource(source);
  let result: T;
  try {
    result = await work(held);
  } catch (error) {
    await held.close().catch(() => undefined);
    throw error;
  }
  await held.close();
  return result;
}
