import { Readable } from 'node:stream';
import type { NamedPlace } from '../../arguments/store/object-names.js';
import type { Input } from '../input/input.js';
import type { ObjectStore } from './object-store.js';
import { objectFailure } from './store-failure.js';

/** Bytes of one request. */
const RANGE = 8_388_608;

/**
 * An object as plaintext. All of it is read from one version: that of the first response, with which the others are
 * compared.
 *
 * @throws (rejects) CommandError; an AbortError
 */
export async function openPlainObject(
  { client, s3, settings: { versionId } }: ObjectStore,
  { text, bucket, key }: NamedPlace,
  signal: AbortSignal,
): Promise<Input> {
  const source = s3.s3Source({ client, bucket, key, ...(versionId !== undefined && { versionId }) });
  const told = (error: unknown): never => {
    throw objectFailure(text, 'read', error);
  };
  const size = await source.size(signal).catch(told);
  async function* ranges(): AsyncGenerator<Uint8Array, void> {
    for (let start = 0; start < size; start += RANGE) {
      yield await source.read(start, Math.min(start + RANGE, size), signal).catch(told);
    }
  }
  let stream: Readable | undefined;
  return {
    name: text,
    isTerminal: false,
    size,
    storedId: undefined,
    fileId: undefined,
    openness: undefined,
    file: undefined,
    // The next range is read while one is sealed.
    stream: () => (stream ??= Readable.from(ranges(), { highWaterMark: 1 })),
    assertNotCut: async () => undefined,
    close: async () => void stream?.destroy(),
  };
}
