import { optionsTypeError } from '../errors.js';
import { isWellFormed } from '../text/well-formed.js';

const BEYOND_LATIN1 = /[\u0100-\uffff]/;
const BASE64 = /^[A-Za-z0-9+/_-]*$/;

const UTF8 = { holds: isWellFormed, lacks: 'a lone surrogate' };
const UTF16 = { holds: () => true, lacks: '' };
const LATIN1 = { holds: (text: string) => !BEYOND_LATIN1.test(text), lacks: 'a character beyond U+00FF' };
const HEX = { holds: isHex, lacks: 'something other than pairs of hexadecimal digits' };
const BASE64_TEXT = { holds: isBase64, lacks: 'something other than whole base64' };

/** For each encoding of Node: the text that it encodes without loss, and what prevents that for other text. */
const ENCODINGS: Readonly<Record<BufferEncoding, { holds(text: string): boolean; lacks: string }>> = {
  utf8: UTF8,
  'utf-8': UTF8,
  utf16le: UTF16,
  'utf-16le': UTF16,
  ucs2: UTF16,
  'ucs-2': UTF16,
  latin1: LATIN1,
  binary: LATIN1,
  ascii: LATIN1,
  hex: HEX,
  base64: BASE64_TEXT,
  base64url: BASE64_TEXT,
};

/**
 * Text as bytes. Node replaces or drops characters that an encoding cannot hold. Here they are refused, so that the
 * sealed bytes are exactly the given text.
 *
 * @param what names the text in the message
 * @throws TypeError `ERR_SEALPIPE_OPTIONS`
 */
export function bytesOfText(what: string, text: string, encoding: BufferEncoding): Buffer {
  const name = encoding.toLowerCase() as BufferEncoding;
  if (!Object.hasOwn(ENCODINGS, name)) throw optionsTypeError(`${what} is text in an unknown encoding`);
  const { holds, lacks } = ENCODINGS[name];
  if (!holds(text)) {
    throw optionsTypeError(
      `${what} has ${lacks}, which ${encoding} cannot hold: give whole characters, or bytes`,
    );
  }
  return Buffer.from(text, name);
}

function isHex(text: string): boolean {
  return Buffer.from(text, 'hex').length * 2 === text.length;
}

function isBase64(text: string): boolean {
  const digits = text.replace(/\s/g, '').replace(/={1,2}$/, '');
  return BASE64.test(digits) && digits.length % 4 !== 1;
}
