import { placeNamed } from '../../arguments/store/object-names.js';
import type { NamedFile } from '../input/named-files.js';
import { areSeveral, namedFiles } from '../input/named-files.js';
import type { ObjectBelow } from './listed-objects.js';
import { objectsBelow } from './listed-objects.js';
import type { ObjectStore } from './object-store.js';

/** One of the files or objects that operands name. */
export type NamedInput = NamedFile & Partial<Pick<ObjectBelow, 'place' | 'listed'>>;

/** Whether operands name more than one file or object. */
export function areSeveralInputs(operands: readonly string[]): boolean {
  return areSeveral(operands) || operands.some((operand) => placeNamed(operand)?.isPrefix);
}

/**
 * The file or object that an operand names, or all of a folder or prefix.
 *
 * @throws like `namedFiles` and `objectsBelow`
 */
export async function* namedInputs(
  operand: string,
  store: ObjectStore | undefined,
  signal: AbortSignal,
): AsyncGenerator<NamedInput, void, void> {
  const place = placeNamed(operand);
  if (place === undefined || store === undefined) yield* namedFiles(operand);
  else if (!place.isPrefix) yield { name: operand, isFound: false, place };
  else {
    for await (const object of objectsBelow(place, store, signal)) yield { ...object, isFound: true };
  }
}
