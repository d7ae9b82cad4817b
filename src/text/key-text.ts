import { optionsTypeError } from '../errors.js';

const SCHEME = /^(?:local|file|raw|hex|base64):/;
/** Of 16 bytes or more. */
const HEX = /^[0-9a-fA-F]{32,}$/;
/** Of 30 bytes or more, in either alphabet; a word of small letters is none. */
const BASE64 = /^(?=.*[A-Z])(?=.*[0-9+/_-])[A-Za-z0-9+/_-]{40,}={0,2}$/;

/**
 * Whether what was given as the name of a key is probably the key: then no message may repeat it, since messages end up
 * in logs.
 */
export function isKeyText(given: string): boolean {
  const text = given.trim().replace(SCHEME, '');
  return HEX.test(text) || BASE64.test(text);
}

/** What to throw then: it repeats nothing, and has no cause that does. */
export function looksLikeKey(): TypeError {
  return optionsTypeError(
    'What was given as the name of a key looks like the key itself, and is not shown: save it in a file that only you can read, and give file:PATH. If others may have seen it, make a new key.',
  );
}
