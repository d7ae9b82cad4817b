import type { ErrorCode } from '../../../src/errors.js';
import { altered, NO_PREAMBLE } from '../case-kit.js';
import { packBound, packEnvelope } from '../craft.js';
import type { Vector } from '../form.js';
import { seed } from '../material.js';
import type { Bytes, Pair } from '../packing.js';
import { bin, hex, map, NIL, str, uint } from '../packing.js';

const FORMAT = 'ERR_SEALPIPE_FORMAT';
const TRUNCATED = 'ERR_SEALPIPE_TRUNCATED';

/** FORMAT 2: which bytes of a token already decide, of input that ends within a section that is said to be longer. */
export function partCases(): Vector[] {
  return [...characters(), ...keys(), ...contextKeys(), ...contextSizes(), ...leftOver(), ...chains()];
}

function part(name: string, comment: string, code: ErrorCode, begun: Bytes, bound: Bytes): Vector {
  return altered(
    `prefix/${name}`,
    `The input ends within the bound, after ${comment}`,
    code,
    ({ prologue }) => Buffer.concat([prologue, begun]),
    { bound },
    NO_PREAMBLE,
  );
}

/** The first bytes of characters of which not every second byte is legal. */
function characters(): Vector[] {
  const room = packBound([], ['x', str('s'.repeat(20))]);
  const begun = (name: string, comment: string, code: ErrorCode, digits: string) =>
    part(`utf-8-${name}`, comment, code, Buffer.concat([hex('83 a178 b4'), hex(digits)]), room);
  return [
    ...['c2', 'df', 'e0', 'ed', 'ef', 'f0', 'f4'].map((first) =>
      begun(first, `a first byte ${first.toUpperCase()}`, TRUNCATED, first),
    ),
    ...['c0', 'c1', 'f5', 'ff', '80'].map((first) =>
      begun(first, `a byte ${first.toUpperCase()}, with which no character begins`, FORMAT, first),
    ),
    ...['e0a0', 'ed9f', 'f090', 'f48f'].map((both) =>
      begun(both, `the least or largest second byte: ${both.toUpperCase()}`, TRUNCATED, both),
    ),
    ...['e09f', 'eda0', 'f08f', 'f490'].map((both) =>
      begun(both, `a second byte out of bounds: ${both.toUpperCase()}`, FORMAT, both),
    ),
  ];
}

/** Keys that are whole, and before their values. */
function keys(): Vector[] {
  const room = packBound([], ['x', NIL]);
  const begun = (name: string, comment: string, code: ErrorCode, digits: string) =>
    part(`key-${name}`, comment, code, hex(digits), room);
  return [
    begun('in-part-without-room', 'a byte of an unknown key in a map of two', TRUNCATED, '82 a2 78'),
    begun('without-room', 'an unknown key that takes the room of a required one', FORMAT, '82 a1 78'),
    begun('with-room', 'an unknown key in a map of three', TRUNCATED, '83 a1 78'),
    begun('second-without-room', 'a second unknown key in a map of three', FORMAT, '83 a178 c0 a179'),
    begun('twice', 'an unknown key that was there before', FORMAT, '84 a178 c0 a178'),
  ];
}

/** A second key of the context, in part. */
function contextKeys(): Vector[] {
  const keyed = (name: string, comment: string, code: ErrorCode, first: string, digits: string) => {
    const head = Buffer.concat([hex('82'), str('context'), hex('82'), str(first), str('')]);
    const room = packBound([['k', 'v'.repeat(200)]]);
    return part(`context-key-${name}`, comment, code, Buffer.concat([head, hex(digits)]), room);
  };
  return [
    keyed('lower', 'one byte of three of a key that is lower than the key before', FORMAT, 'bbb', 'a3 61'),
    keyed('lower-second', 'two bytes of three, of which the second is lower', FORMAT, 'bbb', 'a3 6261'),
    keyed('equal-so-far', 'two bytes of three that are those of the key before', TRUNCATED, 'bbb', 'a3 6262'),
    keyed('higher-so-far', 'two bytes of three, of which the second is higher', TRUNCATED, 'bbb', 'a3 6263'),
    keyed('equal', 'the key before', FORMAT, 'bbb', 'a3 626262'),
    keyed('beginning-of-it', 'a key that is the beginning of the key before', FORMAT, 'bbb', 'a2 6262'),
    keyed('goes-on', 'the key before, and a byte more is announced', TRUNCATED, 'bbb', 'a4 626262'),
    keyed('character-so-far', 'the first byte of the same character', TRUNCATED, '\u00e9', 'a2 c3'),
    keyed('character-lower', 'two bytes of a lower character', FORMAT, '\u00e9', 'a3 c3a8'),
    keyed('length-only', 'the length of a second key', TRUNCATED, 'bbb', 'a1'),
    keyed('shorter-lower', 'a byte of a shorter key that is lower', FORMAT, 'bbb', 'a1 61'),
  ];
}

/** The context takes 8,192 bytes at most, of which the first pair takes 4 + 8 + 1 + 8,000. */
function contextSizes(): Vector[] {
  const head = Buffer.concat([hex('82'), str('context'), hex('82'), str('k'), str('v'.repeat(8_000))]);
  const room = packBound([], ['x', bin(Buffer.alloc(20_000))]);
  const sized = (name: string, comment: string, code: ErrorCode, ...digits: Bytes[]) =>
    part(`context-size-${name}`, comment, code, Buffer.concat([head, ...digits]), room);
  return [
    sized('value', 'the length of a value for which there is room', TRUNCATED, str('l'), hex('d9 aa')),
    sized(
      'value-over',
      'the length of a value that takes it over 8,192 bytes',
      FORMAT,
      str('l'),
      hex('d9 ab'),
    ),
    sized('value-over-by-its-head', 'the head of a value of 256 bytes or more', FORMAT, str('l'), hex('da')),
    sized('key-over', 'the length of a key that takes it over 8,192 bytes', FORMAT, hex('d9 f0')),
    sized('key-over-by-its-head', 'the head of a key of 256 bytes or more', FORMAT, hex('da')),
  ];
}

/** A map that is whole, in a section that is said to be longer. */
function leftOver(): Vector[] {
  const bound = packBound([['k', 'v']]);
  const longer = Buffer.concat([bound, NIL, NIL]);
  const envelope = (name: string, comment: string, code: ErrorCode, more: Bytes) =>
    altered(
      `prefix/envelope-left-over-${name}`,
      `The input ends within the envelope, after ${comment}`,
      code,
      ({ stream, preambleSize }) => Buffer.concat([stream.subarray(0, preambleSize - 2), more]),
      { envelope: (ours) => Buffer.concat([packEnvelope([ours]), NIL, NIL]) },
      NO_PREAMBLE,
    );
  return [
    part('bound-left-over-none', 'the top map, before the bytes left over', TRUNCATED, bound, longer),
    part('bound-left-over', 'a byte behind the top map', FORMAT, Buffer.concat([bound, NIL]), longer),
    envelope('none', 'the top map, before the bytes left over', TRUNCATED, Buffer.alloc(0)),
    envelope('byte', 'a byte behind the top map', FORMAT, NIL),
  ];
}

/** Index 0 with a digest that is not zeros, and then nothing of `archive`. */
function chains(): Vector[] {
  const index = ['index', uint(0)] as const;
  const previous = ['previous', bin(seed('before'))] as const;
  const archive = ['archive', bin(Buffer.alloc(16))] as const;
  const cut = (name: string, comment: string, code: ErrorCode, less: number, ...pairs: Pair[]) => {
    const bound = packBound([], ['chain', map(...pairs, archive)]);
    const rest = map(archive).length - 1;
    return part(`chain-${name}`, comment, code, bound.subarray(0, bound.length - rest - less), bound);
  };
  return [
    cut('index-previous', 'index 0, and previous that is not zeros', FORMAT, 0, index, previous),
    cut('index-previous-part', 'index 0, and all of previous but a byte', TRUNCATED, 1, index, previous),
    cut('previous-index', 'previous that is not zeros, and index 0', FORMAT, 0, previous, index),
    cut('previous-alone', 'previous that is not zeros', TRUNCATED, 7, previous, index),
  ];
}
