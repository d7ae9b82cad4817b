import { readHeader } from '../../../index.js';
import { requiredContext } from '../../../s3/location.js';
import type { NamedPlace } from '../../arguments/store/object-names.js';
import type { SealedFile } from '../input/sealed-file.js';
import type { ObjectStore } from './object-store.js';
import { objectFailure } from './store-failure.js';

/**
 * Opens the current version of a sealed object.
 *
 * @throws (rejects) CommandError; an AbortError
 */
export async function openSealedObject(
  { client, s3, settings: { versionId, location } }: ObjectStore,
  { text, bucket, key }: NamedPlace,
  signal: AbortSignal,
): Promise<SealedFile> {
  const failure = (error: unknown): unknown => objectFailure(text, 'read', error);
  const told = (error: unknown): never => {
    throw failure(error);
  };
  const ofObject = { client, bucket, key, ...(versionId !== undefined && { versionId }) };
  const source = s3.s3Source(ofObject);
  const size = await source.size(signal).catch(told);
  return {
    name: text,
    size,
    storedId: undefined,
    openness: undefined,
    source,
    counted: (count) =>
      // Only reads through this object are counted.
      Object.create(source, {
        read: {
          value: (start: number, end: number, reading: AbortSignal) => {
            count(end - start);
            return source.read(start, end, reading);
          },
        },
      }) as typeof source,
    header: (reading) =>
      readHeader({ size: source.size, read: (start, end) => source.read(start, end, reading) }).catch(told),
    required: (pairs) => {
      try {
        return location === 'any'
          ? pairs
          : requiredContext(pairs ?? {}, { bucket, key }, { bind: 'location', location });
      } catch (error) {
        return told(error);
      }
    },
    blamed: async (error) => error,
    failure,
    close: async () => undefined,
  };
}
