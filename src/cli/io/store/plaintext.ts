import { objectNamed } from '../../arguments/store/object-names.js';
import type { Invocation } from '../../invocation.js';
import { SEALING_HINTS } from '../../terminal/messages/files/input-hints.js';
import type { Input } from '../input/input.js';
import { openInput } from '../input/input.js';
import type { ObjectStore } from './object-store.js';
import { openPlainObject } from './plain-object.js';

/** Opens the plaintext: a file, standard input or an object. @throws (rejects) CommandError; an AbortError */
export async function openPlaintext(
  operand: string | undefined,
  store: ObjectStore | undefined,
  { signal }: Invocation,
): Promise<Input> {
  const place = objectNamed(operand);
  if (place === undefined || store === undefined) return openInput(operand, SEALING_HINTS);
  return openPlainObject(store, place, signal);
}
