import type { Rest } from '../case-kit.js';
import { altered, malformed, opens, refuses } from '../case-kit.js';
import type { ContextPairs, Crafted } from '../craft.js';
import { packBound, packContext } from '../craft.js';
import type { Vector } from '../form.js';
import { CREATED } from '../material.js';
import type { Bytes } from '../packing.js';
import { map, NIL, uint } from '../packing.js';

const CONTEXT = 'ERR_SEALPIPE_CONTEXT';
const AUTHENTICATION = 'ERR_SEALPIPE_AUTHENTICATION';
const NFC = 'caf\u00e9';
const NFD = 'cafe\u0301';

/** In canonical order: by unsigned UTF-8 bytes, not by integers first, nor by UTF-16. */
const AWKWARD: ContextPairs = [
  ['-', 'dash'],
  ['10', 'ten'],
  ['2', 'two'],
  ['__proto__', 'p'],
  ['constructor', 'c'],
  ['\uffff', 'after it in UTF-16'],
  ['\u{10000}', 'last'],
];

/** FORMAT 2, 4 and 5: the encryption context of the stream and the reader's. */
export function contextCases(): Vector[] {
  return [...legal(), ...required(), ...disordered(), ...exchanged()];
}

function good(name: string, comment: string, context: ContextPairs, rest: Rest = {}): Vector {
  return opens(`context/${name}`, comment, { context }, rest);
}

function legal(): Vector[] {
  const long = 'v'.repeat(8_192 - 4 - 8 - 1);
  const many = Array.from({ length: 300 }, (_, i) => [`k${String(i).padStart(3, '0')}`, ''] as const);
  return [
    good('awkward-keys', 'Keys that plain objects reorder or lose', AWKWARD),
    good('byte-order-marks', 'Strings that begin with U+FEFF', [['\ufeffkey', '\ufeffvalue\ufeff']]),
    good('nfc-and-nfd', 'Two keys that differ in normalisation alone', [
      [NFD, NFC],
      [NFC, NFD],
    ]),
    good('null-characters', 'U+0000 in a key and in a value', [['a\0b', '\0']]),
    good('empty-value', 'An empty value', [['a', '']]),
    good('300-pairs', '300 pairs: a map 16', many),
    good('8192-bytes', 'A context of 8,192 bytes', [['k', long]]),
    malformed('context/8193-bytes', 'A context of 8,193 bytes', { context: [['k', `${long}v`]] }),
    malformed('context/8193-bytes-of-pairs', 'Pairs of 8,193 bytes in all', {
      context: [
        ['k', long.slice(9)],
        ['l', 'v'],
      ],
    }),
  ];
}

/** What the reader requires, and what the stream has. */
function required(): Vector[] {
  const pairs: ContextPairs = [
    ['name', NFC],
    ['tenant', 'a'],
  ];
  const lacks = (name: string, comment: string, context: Record<string, string>, has = pairs) =>
    refuses(`context/${name}`, comment, CONTEXT, { context: has }, { context });
  return [
    good('requires-nothing', 'The reader requires {}', pairs, { context: {} }),
    good('requires-one', 'The reader requires one of two pairs', pairs, { context: { tenant: 'a' } }),
    good('requires-all', 'The reader requires all, in another order', pairs, {
      context: { tenant: 'a', name: NFC },
    }),
    good('requires-awkward', 'The reader requires keys that plain objects reorder or lose', AWKWARD, {
      context: JSON.parse('{"2":"two","10":"ten","__proto__":"p","constructor":"c"}'),
    }),
    lacks('lacks-pair', 'The reader requires a pair that is not there', { other: 'a' }),
    lacks('lacks-value', 'The reader requires another value', { tenant: 'b' }),
    lacks('lacks-empty-value', 'The reader requires a key that is not there, with an empty value', {
      other: '',
    }),
    lacks('lacks-prefix', 'The reader requires a value of which the stream has a prefix', { tenant: 'ab' }),
    lacks('lacks-nfd', 'The reader requires NFD, the stream has NFC', { name: NFD }),
    lacks('lacks-case', 'The reader requires a key of another case', { Tenant: 'a' }),
    lacks('lacks-byte-order-mark', 'The reader requires a value that begins with U+FEFF', {
      tenant: '\ufeffa',
    }),
    lacks('lacks-inherited', 'The reader requires `constructor`, which every plain object inherits', {
      constructor: 'a',
    }),
    lacks('lacks-proto', 'The reader requires `__proto__`', JSON.parse('{"__proto__":"a"}')),
    lacks('empty-lacks-pair', 'The reader requires a pair, the context is empty', { tenant: 'a' }, []),
  ];
}

function disordered(): Vector[] {
  const swapped = (name: string, comment: string, first: string, second: string) =>
    malformed(`context/${name}`, comment, {
      context: [
        [second, '2'],
        [first, '1'],
      ],
      bound: packBound([
        [first, '1'],
        [second, '2'],
      ]),
    });
  return [
    swapped('order', 'The pairs are not in order', 'b', 'a'),
    swapped('order-of-integers', 'The pairs are in the order of integers', '2', '10'),
    swapped('order-of-utf-16', 'The pairs are in the order of UTF-16', '\u{10000}', '\uffff'),
    swapped('order-of-prefixes', 'A key before its prefix', 'aa', 'a'),
    swapped('order-of-signed-bytes', 'The pairs are in the order of signed bytes', '\u00e9', 'z'),
    malformed('context/key-twice', 'A key twice, with one value', {
      context: [['a', '1']],
      bound: packBound([
        ['a', '1'],
        ['a', '1'],
      ]),
    }),
  ];
}

/** The bound of a good stream exchanged for one with another context. */
function exchanged(): Vector[] {
  const own: ContextPairs = [['name', NFC]];
  const bindings: readonly (readonly [string, string, ContextPairs])[] = [
    ['empty', 'The context was emptied', []],
    ['extra', 'A pair was added to the context', [...own, ['tenant', 'a']]],
    ['nfd', 'NFC in the context became NFD', [['name', NFD]]],
    ['moved', 'A letter moved from the key to the value', [['nam', `e${NFC}`]]],
  ];
  const rebound = (bound: Bytes) => (crafted: Crafted) => withBound(crafted, bound);
  const flippedDate = map(['context', packContext(own)], ['created', uint(CREATED ^ 1)]);
  return [
    ...bindings.map(([name, comment, pairs]) =>
      altered(`context/exchanged-${name}`, comment, AUTHENTICATION, rebound(packBound(pairs)), {
        context: own,
      }),
    ),
    altered(
      'context/exchanged-nil',
      'The context was taken out, as if withheld; the reader has the right one, and the bound is another',
      AUTHENTICATION,
      rebound(map(['context', NIL], ['created', uint(CREATED)])),
      { context: own },
      { context: { name: NFC } },
    ),
    altered(
      'context/flipped-value',
      'A bit of a value of the context flipped',
      AUTHENTICATION,
      rebound(packBound([['name', NFC.replace('c', 'b')]])),
      { context: own },
    ),
    altered('context/flipped-created', 'A bit of created flipped', AUTHENTICATION, rebound(flippedDate), {
      context: own,
    }),
  ];
}

function withBound({ prologue, envelope, frames }: Crafted, bound: Bytes): Buffer {
  const lengths = Buffer.alloc(4);
  lengths.writeUInt32BE(bound.length);
  return Buffer.concat([
    prologue.subarray(0, 12),
    lengths,
    prologue.subarray(16),
    bound,
    envelope,
    ...frames,
  ]);
}
