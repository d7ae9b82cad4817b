import { malformed, opens } from '../case-kit.js';
import { packBound, packContext } from '../craft.js';
import type { Vector } from '../form.js';
import { CREATED } from '../material.js';
import type { Bytes, Pair } from '../packing.js';
import { array, bin, FALSE, hex, map, NIL, str, TRUE, uint } from '../packing.js';

const CONTEXT: Pair = ['context', map()];
const CREATED_AT: Pair = ['created', uint(CREATED)];

/** One value of every kind, by its name. */
const KINDS: readonly (readonly [string, Bytes])[] = [
  ['map', map()],
  ['array', array()],
  ['str', str('1')],
  ['bin', bin(Buffer.from('1'))],
  ['uint', uint(1)],
  ['nil', NIL],
  ['true', TRUE],
  ['false', FALSE],
];

/** Every kind of value but the right ones. */
export function wrongKinds(...right: readonly string[]): (readonly [string, Bytes])[] {
  return KINDS.filter(([kind]) => !right.includes(kind));
}

/** FORMAT 2, bound: what must be there, and of which kind; the chain has its own file. */
export function boundCases(): Vector[] {
  return [...wholes(), ...contexts(), ...hints(), ...legal()];
}

function bad(name: string, comment: string, bound: Bytes): Vector {
  return malformed(`bound/${name}`, comment, { bound });
}

function wholes(): Vector[] {
  return [
    ...wrongKinds('map').map(([kind, value]) => bad(`is-${kind}`, `The bound is no map: ${kind}`, value)),
    bad('empty', 'The bound is an empty map', map()),
    bad('no-context', 'No context', map(CREATED_AT)),
    bad('no-created', 'No created', map(CONTEXT)),
    bad('context-twice', 'context twice', map(CONTEXT, CONTEXT, CREATED_AT)),
    bad('created-twice', 'created twice', map(CONTEXT, CREATED_AT, CREATED_AT)),
    bad('unknown-twice', 'An unknown key twice', packBound([], ['x', NIL], ['x', NIL])),
    bad(
      'key-in-str-8',
      'The key `context` as a str 8',
      Buffer.concat([hex('82 d907'), Buffer.from('context'), hex('80'), map(CREATED_AT).subarray(1)]),
    ),
    bad('created-not-shortest', 'created as a uint 64', map(CONTEXT, ['created', hex('cf0000000069558600')])),
    bad('created-2-to-the-53', 'created is 2^53', map(CONTEXT, ['created', hex('cf0020000000000000')])),
    bad('created-float', 'created is a float', map(CONTEXT, ['created', hex('cb41da5561800000')])),
    bad('created-negative', 'created is negative', map(CONTEXT, ['created', hex('ff')])),
    ...wrongKinds('uint').map(([kind, value]) =>
      bad(`created-${kind}`, `created is no integer: ${kind}`, map(CONTEXT, ['created', value])),
    ),
  ];
}

function contexts(): Vector[] {
  const holding = (context: Bytes) => map(['context', context], CREATED_AT);
  return [
    ...wrongKinds('map', 'nil').map(([kind, value]) =>
      bad(`context-${kind}`, `context is neither a map nor nil: ${kind}`, holding(value)),
    ),
    ...wrongKinds('str').map(([kind, value]) =>
      bad(
        `context-value-${kind}`,
        `A value of the context is no string: ${kind}`,
        holding(map(['a', value])),
      ),
    ),
    bad('context-key-uint', 'A key of the context is an integer', holding(hex('81 01 a131'))),
    bad('context-key-bin', 'A key of the context is a binary', holding(hex('81 c40161 a131'))),
    bad('context-key-empty', 'A key of the context is empty', holding(packContext([['', 'v']]))),
    bad('context-map-16', 'The context is a map 16 of 1', holding(hex('de0001 a161 a131'))),
    bad('context-value-str-8', 'A value of the context is a str 8 of 1', holding(hex('81 a161 d90131'))),
  ];
}

function hints(): Vector[] {
  const holding = (content: Bytes) => packBound([], ['content', content]);
  return [
    ...wrongKinds('map').map(([kind, value]) =>
      bad(`content-${kind}`, `content is no map: ${kind}`, holding(value)),
    ),
    ...wrongKinds('str').flatMap(([kind, value]) => [
      bad(`content-type-${kind}`, `content.type is no string: ${kind}`, holding(map(['type', value]))),
      bad(
        `content-encoding-${kind}`,
        `content.encoding is no string: ${kind}`,
        holding(map(['encoding', value])),
      ),
    ]),
    bad('content-type-twice', 'content.type twice', holding(map(['type', str('a')], ['type', str('a')]))),
    bad('content-unknown-twice', 'An unknown key of content twice', holding(map(['x', NIL], ['x', NIL]))),
  ];
}

function legal(): Vector[] {
  const good = (name: string, comment: string, bound: Bytes) => opens(`bound/${name}`, comment, { bound });
  return [
    good('created-0', 'created is 0', map(CONTEXT, ['created', uint(0)])),
    good('created-2-to-the-32', 'created is 2^32', map(CONTEXT, ['created', uint(2 ** 32)])),
    good('created-largest', 'created is 2^53 - 1', map(CONTEXT, ['created', uint(2 ** 53 - 1)])),
    good('keys-in-another-order', 'created before context', map(CREATED_AT, CONTEXT)),
    good('content-empty', 'content is an empty map', packBound([], ['content', map()])),
    good(
      'content',
      'content with both hints',
      packBound([], ['content', map(['encoding', str('gzip')], ['type', str('application/x-ndjson')])]),
    ),
    good(
      'content-odd-strings',
      'content with an empty hint, and one with U+FEFF, U+0000 and a bidirectional control',
      packBound([], ['content', map(['encoding', str('')], ['type', str('\ufeff\0\u202e')])]),
    ),
  ];
}
