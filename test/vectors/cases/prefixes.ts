import type { ErrorCode } from '../../../src/errors.js';
import { altered, NO_PREAMBLE } from '../case-kit.js';
import type { Crafted, Recipe } from '../craft.js';
import { packBound, packEnvelope } from '../craft.js';
import type { Vector } from '../form.js';
import { patched } from '../frame-forge.js';
import type { Bytes } from '../packing.js';
import { hex, map, nested, str } from '../packing.js';

const FORMAT = 'ERR_SEALPIPE_FORMAT';
const UNSUPPORTED = 'ERR_SEALPIPE_UNSUPPORTED';
const TRUNCATED = 'ERR_SEALPIPE_TRUNCATED';

/** FORMAT 7: input that ends is truncated only while every byte so far fits. */
export function prefixCases(): Vector[] {
  return [...ofPrologues(), ...ofBounds(), ...ofEnvelopes()];
}

function prefix(
  name: string,
  comment: string,
  code: ErrorCode,
  change: (crafted: Crafted) => Bytes,
  recipe: Partial<Recipe> = {},
): Vector {
  return altered(`prefix/${name}`, comment, code, change, recipe, NO_PREAMBLE);
}

function ofPrologues(): Vector[] {
  /** Other bytes at `offset`, and nothing after them. */
  const ending = (name: string, comment: string, code: ErrorCode, offset: number, digits: string) =>
    prefix(name, `The input ends after ${comment}`, code, ({ stream }) =>
      patched(stream, offset, hex(digits)).subarray(0, offset + hex(digits).length),
    );
  return [
    prefix('empty', 'The input is empty', TRUNCATED, () => Buffer.alloc(0)),
    ending('magic-part', 'three bytes of the magic', TRUNCATED, 2, '45'),
    ending('magic', 'the magic', TRUNCATED, 7, '1a'),
    ending('magic-wrong-first', 'a first byte that no magic has', FORMAT, 0, '88'),
    ending('magic-wrong-last', 'a magic with another last byte', FORMAT, 7, '0a'),
    ending('version-wrong', 'version 3', UNSUPPORTED, 8, '03'),
    ending('suite-wrong', 'suite 9', UNSUPPORTED, 9, '09'),
    ending('frame-size-wrong', 'frame size 2^9', FORMAT, 10, '09'),
    ending('layout-wrong', 'layout 9', UNSUPPORTED, 11, '09'),
    ending('bound-length-zeros', 'three zero bytes of boundLength', TRUNCATED, 12, '000000'),
    ending('bound-length-one', 'bytes of boundLength that only 65,536 can have', TRUNCATED, 12, '000100'),
    ending('bound-length-first', 'a first byte of boundLength that is too large', FORMAT, 12, '01'),
    ending('bound-length-second', 'a second byte of boundLength that is too large', FORMAT, 12, '0002'),
    ending('bound-length-third', 'a third byte of boundLength that is too large', FORMAT, 12, '000101'),
    ending('bound-length-zero', 'a boundLength of 0', FORMAT, 12, '00000000'),
    ending('envelope-length-first', 'a first byte of envelopeLength that is too large', FORMAT, 16, 'ff'),
    ending('envelope-length-zero', 'an envelopeLength of 0', FORMAT, 16, '00000000'),
    ending('envelope-length-largest', 'an envelopeLength of 65,537', FORMAT, 16, '00010001'),
  ];
}

/** The illegal bytes are the last that are there, of a section that is said to be longer. */
function ofBounds(): Vector[] {
  const until = (
    name: string,
    comment: string,
    code: ErrorCode,
    digits: string,
    bound = packBound([['k', 'v']]),
  ) =>
    prefix(
      `bound-${name}`,
      `The input ends within the bound, after ${comment}`,
      code,
      ({ prologue }) => Buffer.concat([prologue, hex(digits)]),
      { bound },
    );
  const context = '82 a7 636f6e74657874';
  const long = packBound([['k', 'v'.repeat(200)]]);
  return [
    prefix('bound-absent', 'The input ends after the prologue', TRUNCATED, ({ prologue }) => prologue),
    until('map', 'the head of its map', TRUNCATED, '82'),
    until('map-16-without-room', 'the head of a map of at least 16 pairs, which take 32 bytes', FORMAT, 'de'),
    until('array', 'the head of an array', FORMAT, '92'),
    until('empty-map', 'the head of an empty map', FORMAT, '80'),
    until('map-of-1', 'the head of a map of one pair', FORMAT, '81'),
    until('key-part', 'a part of a key', TRUNCATED, '82 a7 636f'),
    until('key-not-utf-8', 'a byte of a key that no UTF-8 has', FORMAT, '82 a7 63ff'),
    until('key-utf-8-part', 'a part of a character', TRUNCATED, '82 a7 63e2'),
    until('key-utf-8-surrogate', 'two bytes of a surrogate', FORMAT, '82 a7 63eda0'),
    until('key-utf-8-overlong', 'two bytes of an overlong form', FORMAT, '82 a7 63e080'),
    until('context-str', 'a context that is a string', FORMAT, `${context} a0`),
    until(
      'context-disorder',
      'a second key that comes before the first',
      FORMAT,
      `${context} 82 a162 a0 a161`,
      long,
    ),
    until('context-key-empty', 'an empty key of the context', FORMAT, `${context} 81 a0`),
    until('length-not-shortest', 'the head of a str 8 of 31 bytes', FORMAT, `${context} 81 a16b d91f`, long),
    until(
      'length-part',
      'a byte of a str 16, which a str 8 would have done for',
      FORMAT,
      `${context} 81 a16b da00`,
      long,
    ),
    until('length-beyond', 'a length that is beyond the bound', FORMAT, `${context} 81 a16b d9ff`, long),
    until(
      'bin-without-room',
      'the head of an archive of a chain, which takes 16 bytes: 9 are left',
      FORMAT,
      '83 a5 636861696e 83 a7 61726368697665 c4',
    ),
    until('created-nil', 'a created that is nil', FORMAT, `${context} 80 a7 63726561746564 c0`),
    until('created-part', 'a part of created', TRUNCATED, `${context} 80 a7 63726561746564 ce69`),
    until(
      'created-not-shortest',
      'two zero bytes of a created of four',
      FORMAT,
      `${context} 80 a7 63726561746564 ce0000`,
    ),
    until(
      'created-too-large',
      'two bytes of a created of eight that say more than 2^53 - 1',
      FORMAT,
      `${context} 80 a7 63726561746564 cf0020`,
    ),
    until(
      'key-twice',
      'a key that was there before',
      FORMAT,
      `83 ${context.slice(3)} 80 a7 636f6e74657874`,
      long,
    ),
    until('ext', 'the head of an ext', FORMAT, '83 a178 d4', long),
    until('float', 'the head of a float', FORMAT, '83 a178 cb', long),
    until(
      'depth-5',
      'the head of a fifth container',
      FORMAT,
      '83 a178 91919191',
      packBound([], ['x', nested(3)]),
    ),
    until(
      'depth-4',
      'the head of a fourth container',
      TRUNCATED,
      '83 a178 919191',
      packBound([], ['x', nested(3)]),
    ),
  ];
}

function ofEnvelopes(): Vector[] {
  const until = (name: string, comment: string, code: ErrorCode, digits: string) =>
    prefix(
      `envelope-${name}`,
      `The input ends within the envelope, after ${comment}`,
      code,
      ({ prologue, bound }) => Buffer.concat([prologue, bound, hex(digits)]),
      {
        envelope: (ours) =>
          packEnvelope([ours, { ...ours, key: 'k'.repeat(200) }], ['x', map(['y', str('z')])]),
      },
    );
  const recipients = '82 aa 726563697069656e7473';
  const provider = `${recipients} 92 83 a8 70726f7669646572`;
  return [
    prefix('envelope-absent', 'The input ends after the bound', TRUNCATED, ({ prologue, bound }) =>
      Buffer.concat([prologue, bound]),
    ),
    until('no-recipient', 'an array of no recipients', FORMAT, `${recipients} 90`),
    until(
      '256-recipients',
      'the first byte of a count of at least 256 recipients',
      FORMAT,
      `${recipients} dc01`,
    ),
    until('33-recipients', 'the head of an array of 33 recipients', FORMAT, `${recipients} dc0021`),
    until('recipient-of-2', 'the head of a recipient of two pairs', FORMAT, `${recipients} 92 82`),
    until('provider-empty', 'a provider of no characters', FORMAT, `${provider} a0`),
    until('provider-of-65', 'the head of a provider of 65 characters', FORMAT, `${provider} d941`),
    until('provider-capital', 'a capital letter of a provider', FORMAT, `${provider} a3 52`),
    until('provider-part', 'a part of a provider', TRUNCATED, `${provider} a3 72`),
    until('pad-not-zero', 'a byte of the pad that is not zero', FORMAT, '82 a3706164 c408 0001'),
    until('pad-part', 'a part of the pad', TRUNCATED, '82 a3706164 c408 0000'),
  ];
}
