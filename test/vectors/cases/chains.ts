import type { LayoutName } from '../../../src/format/stream-header.js';
import { LAYOUT_NAMES, malformed, opens, refuses } from '../case-kit.js';
import { packBound } from '../craft.js';
import type { Vector } from '../form.js';
import { seed } from '../material.js';
import type { Bytes, Pair } from '../packing.js';
import { bin, FALSE, map, NIL, str, TRUE, uint } from '../packing.js';
import { wrongKinds } from './bounds.js';

const ARCHIVE: Pair = ['archive', bin(seed('archive').subarray(0, 16))];
const FIRST: readonly Pair[] = [ARCHIVE, ['index', uint(0)], ['previous', bin(Buffer.alloc(32))]];
const LATER: readonly Pair[] = [ARCHIVE, ['index', uint(7)], ['previous', bin(seed('segment 6'))]];

/** FORMAT 2 and 8: the place of a stream in an archive. What a chain of several streams shows is not here. */
export function chainCases(): Vector[] {
  return [...legal(), ...closed(), ...illegal()];
}

function boundWith(chain: Bytes): Bytes {
  return packBound([], ['chain', chain]);
}

function legal(): Vector[] {
  const good = (name: string, comment: string, pairs: readonly Pair[]) =>
    opens(`chain/${name}`, comment, { bound: boundWith(map(...pairs)) });
  const largest: Pair = ['index', uint(2 ** 53 - 1)];
  return [
    good('first', 'The first segment', FIRST),
    good('later', 'A later segment', LATER),
    good('index-largest', 'Index 2^53 - 1', [ARCHIVE, largest, ['previous', bin(seed('before'))]]),
    good('zeros-of-a-later-one', 'Index 1, and a previous digest of zeros', [
      ARCHIVE,
      ['index', uint(1)],
      ['previous', bin(Buffer.alloc(32))],
    ]),
    good('back-to-front', 'The keys in another order', [...LATER].reverse()),
    good('unknown-keys', 'Unknown keys in the chain', [...LATER, ['x', NIL], ['Closed', FALSE]]),
  ];
}

function closed(): Vector[] {
  const bound = boundWith(map(...LATER, ['closed', TRUE]));
  const recipe = (layout: LayoutName) => ({ layout, bound });
  return LAYOUT_NAMES.flatMap((layout) => [
    opens(`chain/closed-${layout}`, 'A closing segment', { ...recipe(layout), plaintext: Buffer.alloc(0) }),
    refuses(
      `chain/closed-with-plaintext-${layout}`,
      'A closing segment with plaintext, none of which may leave',
      'ERR_SEALPIPE_FORMAT',
      recipe(layout),
    ),
    refuses(
      `chain/closed-with-a-full-frame-${layout}`,
      'A closing segment with a full frame of plaintext, and an empty last one',
      'ERR_SEALPIPE_FORMAT',
      { ...recipe(layout), frames: (forge) => forge.sealAll(Buffer.alloc(forge.frameSize), Buffer.alloc(0)) },
    ),
  ]);
}

function illegal(): Vector[] {
  const bad = (name: string, comment: string, chain: Bytes) =>
    malformed(`chain/${name}`, comment, { bound: boundWith(chain) });
  const fields = [
    ['archive', 'bin'],
    ['index', 'uint'],
    ['previous', 'bin'],
    ['closed', 'true'],
  ] as const;
  const without = (field: string) => LATER.filter(([key]) => key !== field);
  const sized = (field: string, size: number) =>
    bad(
      `${field}-of-${size}`,
      `${field} of ${size} bytes`,
      map(...without(field), [field, bin(Buffer.alloc(size, 1))]),
    );
  return [
    ...wrongKinds('map').map(([kind, value]) => bad(`is-${kind}`, `chain is no map: ${kind}`, value)),
    bad('empty', 'chain is an empty map', map()),
    ...fields.flatMap(([field, right]) => [
      ...(field === 'closed' ? [] : [bad(`no-${field}`, `A chain without ${field}`, map(...without(field)))]),
      ...wrongKinds(right).map(([kind, value]) =>
        bad(
          `${field}-${kind}`,
          `${field} is of another kind: ${kind}`,
          map(...without(field), [field, value]),
        ),
      ),
    ]),
    bad('index-twice', 'index twice', map(...LATER, ['index', uint(7)])),
    bad('unknown-twice', 'An unknown key twice', map(...LATER, ['x', NIL], ['x', str('')])),
    ...[0, 15, 17].map((size) => sized('archive', size)),
    ...[0, 31, 33].map((size) => sized('previous', size)),
    bad(
      'first-with-previous',
      'Index 0, and a previous digest that is not zeros',
      map(ARCHIVE, ['index', uint(0)], ['previous', bin(seed('before'))]),
    ),
    bad(
      'first-with-previous-last-byte',
      'Index 0, and a previous digest of which only the last byte is not zero; index comes last',
      map(ARCHIVE, ['previous', bin(Buffer.alloc(32).fill(1, 31))], ['index', uint(0)]),
    ),
  ];
}
