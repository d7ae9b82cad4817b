import { objectNamed } from '../../arguments/store/object-names.js';
import type { SealedFile } from '../input/sealed-file.js';
import { openSealedFile } from '../input/sealed-file.js';
import type { NamedInput } from './named-inputs.js';
import type { ObjectStore } from './object-store.js';
import { openSealedObject } from './sealed-object.js';

/**
 * Opens a sealed file or object by its name.
 *
 * @param why what cannot be done with a name that is not a regular file, for the message
 * @param folderHint what to do if it is a folder
 * @throws (rejects) CommandError with status 1, or 2 if it is neither a regular file nor an object; an AbortError
 */
export async function openSealedInput(
  { name, place = objectNamed(name) }: Pick<NamedInput, 'name' | 'place'>,
  why: string,
  store: ObjectStore | undefined,
  signal: AbortSignal,
  folderHint?: string,
): Promise<SealedFile> {
  return place === undefined || store === undefined
    ? openSealedFile(name, why, folderHint)
    : openSealedObject(store, place, signal);
}
