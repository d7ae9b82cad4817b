import type { SealedObject } from '../../../s3/index.js';
import type { NamedPlace } from '../../arguments/store/object-names.js';
import { CommandError, EXIT } from '../../terminal/command-error.js';
import { STORE_TROUBLE } from '../../terminal/messages/store.js';
import type { ObjectStore } from './object-store.js';
import { objectFailure } from './store-failure.js';

/** An object below a prefix. */
export interface ObjectBelow {
  readonly name: string;
  readonly place: NamedPlace;
  /** Its header. */
  readonly listed: SealedObject;
}

/**
 * Every object below a prefix, in the order of the store. Empty objects with a `/` at the end of their name, which some
 * programs create for folders, are skipped.
 *
 * @throws CommandError with status 1 if no object was found, or if they cannot be listed; an AbortError
 */
export async function* objectsBelow(
  { text, bucket, key: prefix }: NamedPlace,
  { client, s3, settings: { concurrency } }: ObjectStore,
  signal: AbortSignal,
): AsyncGenerator<ObjectBelow, void, void> {
  let count = 0;
  try {
    const options = { client, bucket, prefix, signal, ...(concurrency !== undefined && { concurrency }) };
    for await (const listed of s3.listSealedObjects(options)) {
      const { key, size } = listed;
      if (size === 0 && key.endsWith('/')) continue;
      count += 1;
      const name = `s3://${bucket}/${key}`;
      yield { name, place: { text: name, bucket, key, isPrefix: false }, listed };
    }
  } catch (error) {
    throw objectFailure(text, 'read', error);
  }
  if (count === 0) throw new CommandError(EXIT.other, STORE_TROUBLE.noObjects(text));
}
