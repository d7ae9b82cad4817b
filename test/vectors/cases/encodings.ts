import { malformed, opens } from '../case-kit.js';
import { packBound, packEnvelope, packRecipient } from '../craft.js';
import type { Vector } from '../form.js';
import type { Bytes } from '../packing.js';
import { array, bin, head, hex, map, NIL, nested, str, TRUE, uint } from '../packing.js';

/** Values that MessagePack has and FORMAT 2 has not: name, comment, bytes. */
const ILLEGAL: readonly (readonly [string, string, Bytes])[] = [
  ['uint-8-of-127', 'uint 8 where a fixint would do', hex('cc 7f')],
  ['uint-8-of-0', 'uint 8 of zero', hex('cc 00')],
  ['uint-16-of-255', 'uint 16 where uint 8 would do', hex('cd 00ff')],
  ['uint-32-of-65535', 'uint 32 where uint 16 would do', hex('ce 0000ffff')],
  ['uint-64-of-2-to-the-32-less-1', 'uint 64 where uint 32 would do', hex('cf 00000000ffffffff')],
  ['uint-64-of-2-to-the-53', '2^53: one more than the largest integer', hex('cf 0020000000000000')],
  ['uint-64-largest', '2^64 - 1', hex('cf ffffffffffffffff')],
  ['str-8-of-31', 'str 8 where a fixstr would do', Buffer.concat([hex('d91f'), Buffer.alloc(31, 'a')])],
  ['str-16-of-255', 'str 16 where str 8 would do', Buffer.concat([hex('da00ff'), Buffer.alloc(255, 'a')])],
  [
    'str-32-of-256',
    'str 32 where str 16 would do',
    Buffer.concat([hex('db00000100'), Buffer.alloc(256, 'a')]),
  ],
  ['bin-16-of-255', 'bin 16 where bin 8 would do', Buffer.concat([hex('c500ff'), Buffer.alloc(255)])],
  ['bin-32-of-256', 'bin 32 where bin 16 would do', Buffer.concat([hex('c600000100'), Buffer.alloc(256)])],
  ['array-16-of-15', 'array 16 where a fixarray would do', Buffer.concat([hex('dc000f'), Buffer.alloc(15)])],
  [
    'array-32-of-16',
    'array 32 where array 16 would do',
    Buffer.concat([hex('dd00000010'), Buffer.alloc(16)]),
  ],
  ['map-16-of-1', 'map 16 where a fixmap would do', hex('de0001 a161 00')],
  ['map-32-of-1', 'map 32 where a fixmap would do', hex('df00000001 a161 00')],
  ['negative-fixint-highest', 'A negative fixint: -1', hex('ff')],
  ['negative-fixint-lowest', 'A negative fixint: -32', hex('e0')],
  ['int-8-positive', 'int 8 of 1', hex('d001')],
  ['int-8-negative', 'int 8 of -128', hex('d080')],
  ['int-16-positive', 'int 16 of 256', hex('d10100')],
  ['int-32-positive', 'int 32 of 65,536', hex('d200010000')],
  ['int-64-positive', 'int 64 of 2^32: the signed form', hex('d30000000100000000')],
  ['int-64-negative', 'int 64 of -1', hex('d3ffffffffffffffff')],
  ['float-32', 'float 32 of 1', hex('ca3f800000')],
  ['float-64', 'float 64 of 1', hex('cb3ff0000000000000')],
  ['fixext-1', 'fixext 1', hex('d40100')],
  ['fixext-2', 'fixext 2', hex('d5010000')],
  ['fixext-4', 'fixext 4: a timestamp', hex('d6ff00000000')],
  ['fixext-8', 'fixext 8', hex('d7ff0000000000000000')],
  ['fixext-16', 'fixext 16', Buffer.concat([hex('d801'), Buffer.alloc(16)])],
  ['ext-8', 'ext 8', hex('c7010100')],
  ['ext-16', 'ext 16', hex('c800010100')],
  ['ext-32', 'ext 32', hex('c9000000010100')],
  ['never-used', 'The byte C1, which MessagePack never uses', hex('c1')],
  ['map-key-uint', 'A map with an integer for a key', hex('81 01 00')],
  ['map-key-nil', 'A map with nil for a key', hex('81 c0 00')],
  ['map-key-bin', 'A map with a binary for a key', hex('81 c40161 00')],
  ['map-key-array', 'A map with an array for a key', hex('81 90 00')],
  ['map-key-twice', 'A map with a key twice', map(['a', uint(1)], ['a', uint(2)])],
  ['map-key-twice-empty', 'A map with the empty key twice', map(['', uint(1)], ['b', NIL], ['', uint(1)])],
];

/** Counts and lengths that reach beyond their section: the declared one is all that is wrong. */
const BEYOND: readonly (readonly [string, string, Bytes])[] = [
  ['str-8-beyond', 'A str 8 of 255 bytes that are not there', hex('d9ff')],
  ['str-16-beyond', 'A str 16 of 65,535 bytes that are not there', hex('daffff')],
  ['str-32-beyond', 'A str 32 of 2^32 - 1 bytes that are not there', hex('dbffffffff')],
  ['bin-8-beyond', 'A bin 8 of 255 bytes that are not there', hex('c4ff')],
  ['bin-16-beyond', 'A bin 16 of 65,535 bytes that are not there', hex('c5ffff')],
  ['bin-32-beyond', 'A bin 32 of 2^32 - 1 bytes that are not there', hex('c6ffffffff')],
  ['array-16-beyond', 'An array 16 of 65,535 items that are not there', hex('dcffff')],
  ['array-32-beyond', 'An array 32 of 2^32 - 1 items that are not there', hex('ddffffffff')],
  ['map-16-beyond', 'A map 16 of 65,535 pairs that are not there', hex('deffff')],
  ['map-32-beyond', 'A map 32 of 2^32 - 1 pairs that are not there', hex('dfffffffff')],
  ['uint-64-beyond', 'A uint 64 of which the bytes are not there', hex('cf00')],
];

/** Legal values of every kind and width. */
const LEGAL: readonly Bytes[] = [
  ...[0, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1].map(uint),
  ...[0, 31, 32, 255, 256].map((length) => str('s'.repeat(length))),
  ...[0, 255, 256].map((length) => bin(Buffer.alloc(length))),
  ...[0, 15, 16].map((count) => array(...Array.from({ length: count }, () => NIL))),
  ...[0, 15, 16].map((count) => map(...Array.from({ length: count }, (_, i) => [`${i}`, TRUE] as const))),
  hex('c2'),
  str('\0\ufeff\u202e\u{10ffff}'),
];

/** FORMAT 2: the MessagePack subset, in values of keys that a reader does not know. */
export function encodingCases(): Vector[] {
  const legal = LEGAL.map((value, i) => [`x-${i}`, value] as const);
  const extra = [...legal, ['', NIL], ['\ufeff', TRUE], ['\0', TRUE], ['__proto__', NIL]] as const;
  return [
    ...[...ILLEGAL, ...BEYOND].flatMap(([name, comment, value]) => [
      malformed(`encoding/${name}-in-bound`, `${comment}, as an unknown key of the bound`, {
        bound: packBound([], ['x', value]),
      }),
      malformed(`encoding/${name}-in-envelope`, `${comment}, as an unknown key of the envelope`, {
        envelope: (ours) => packEnvelope([ours], ['x', value]),
      }),
    ]),
    ...ILLEGAL.filter((_, i) => i % 4 === 0).map(([name, comment, value]) =>
      malformed(`encoding/${name}-in-recipient`, `${comment}, as an unknown key of a recipient`, {
        envelope: (ours) => map(['recipients', array(packRecipient(ours, ['x', value]))]),
      }),
    ),
    malformed('encoding/depth-5-in-bound', 'Five containers open at once', {
      bound: packBound([], ['x', nested(4)]),
    }),
    malformed('encoding/depth-5-in-envelope', 'Five containers open at once', {
      envelope: (ours) => packEnvelope([ours], ['x', nested(4)]),
    }),
    malformed('encoding/depth-5-in-recipient', 'Two arrays in a recipient: five containers open at once', {
      envelope: (ours) => map(['recipients', array(packRecipient(ours, ['x', nested(2)]))]),
    }),
    malformed('encoding/depth-5-of-maps', 'Five maps open at once', {
      bound: packBound([], ['x', map(['x', map(['x', map(['x', map()])])])]),
    }),
    malformed('encoding/depth-60000', '60,000 arrays open at once', {
      bound: packBound([], ['x', Buffer.concat([Buffer.alloc(60_000, 0x91), uint(0)])]),
    }),
    opens('encoding/depth-4', 'Four containers open at once, everywhere', {
      bound: packBound([], ['x', nested(3)], ['y', map(['x', map(['x', map()])])]),
      envelope: (ours) => map(['recipients', array(packRecipient(ours, ['x', nested(1)]))], ['x', nested(3)]),
    }),
    opens('encoding/unknown-keys', 'Unknown keys of every legal kind and width, in every map', {
      bound: packBound([], ['content', map(...extra)], ...extra),
      envelope: (ours) => map(['recipients', array(packRecipient(ours, ...extra))], ...extra),
    }),
    malformed('encoding/trailing-byte-in-bound', 'A byte after the map of the bound', {
      bound: Buffer.concat([packBound([]), NIL]),
    }),
    malformed('encoding/trailing-byte-in-envelope', 'A byte after the map of the envelope', {
      envelope: (ours) => Buffer.concat([packEnvelope([ours]), NIL]),
    }),
    malformed('encoding/second-map-in-bound', 'A second map after the bound', {
      bound: Buffer.concat([packBound([]), packBound([])]),
    }),
    malformed('encoding/map-count-one-more-in-bound', 'The bound is said to have one more pair', {
      bound: Buffer.concat([hex('83'), packBound([]).subarray(1)]),
    }),
    malformed('encoding/map-count-one-less-in-bound', 'The bound is said to have one pair fewer', {
      bound: Buffer.concat([hex('82'), packBound([], ['x', NIL]).subarray(1)]),
    }),
    malformed('encoding/array-count-one-more', 'One more recipient is announced', {
      envelope: (ours) => map(['recipients', Buffer.concat([hex('92'), packRecipient(ours)])]),
    }),
    malformed('encoding/map-16-of-the-bound', 'The bound itself is a map 16 of 2', {
      bound: Buffer.concat([head(0xde, 2, 2), packBound([]).subarray(1)]),
    }),
    malformed('encoding/map-32-of-the-envelope', 'The envelope itself is a map 32 of 1', {
      envelope: (ours) => Buffer.concat([head(0xdf, 4, 1), packEnvelope([ours]).subarray(1)]),
    }),
  ];
}
