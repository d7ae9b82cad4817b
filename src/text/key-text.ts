import { optionsTypeError } from '../errors.js';

const SCHEME = /^(?:local|file|raw|hex|base64):/;
/** 16 bytes or more in hex. */
const HEX = /^[0-9a-fA-F]{32,}$/;
/** 30 bytes or more in either base64 alphabet; a word of lower-case letters does not count. */
const BASE64 = /^(?=.*[A-Z])(?=.*[0-9+/_-])[A-Za-z0-9+/_-]{40,}={0,2}$/;

/**
 * Whether a text that was given as the name of a key is probably the key itself. Then no message may repeat it, because
 * messages end up in logs.
 */
export function isKeyText(given: string): boolean {
  const text = given.trim().replace(SCHEME, '');
  return HEX.test(text) || BASE64.test(text);
}

/** The error for that case. Neither it nor its cause repeats the text. */
export function looksLikeKey(): TypeError {
  return optionsTypeError(
    'What was given as the name of a key looks like the key itself, and is not shown: save it in a file that only you can read, and give file:PATH. If others may have seen it, make a new key.',
  );
}
