import { malformed, opens } from '../case-kit.js';
import { packBound, packEnvelope, packRecipient } from '../craft.js';
import type { Vector } from '../form.js';
import type { Bytes } from '../packing.js';
import { array, bin, hex, map, NIL, str } from '../packing.js';

/** Bytes that are no UTF-8: name, comment, bytes. */
const BROKEN: readonly (readonly [string, string, Bytes])[] = [
  ['surrogate-high', 'A high surrogate, U+D800', hex('61 eda080 62')],
  ['surrogate-low', 'A low surrogate, U+DFFF', hex('61 edbfbf 62')],
  ['surrogate-pair', 'A surrogate pair (CESU-8)', hex('eda081 edb080')],
  ['overlong-2', 'U+0000 in two bytes', hex('61 c080 62')],
  ['overlong-3', 'U+007F in three bytes', hex('e081bf')],
  ['overlong-4', 'U+FFFF in four bytes', hex('f08fbfbf')],
  ['beyond-unicode', 'U+110000', hex('f4908080')],
  ['five-bytes', 'A sequence of five bytes', hex('f888808080')],
  ['stray', 'A continuation byte alone', hex('61 80 62')],
  ['byte-ff', 'The byte FF', hex('ff')],
  ['cut-within', 'A sequence that goes on as ASCII', hex('e282 61')],
  ['cut-at-end', 'A sequence that the string ends in', hex('61 e282')],
];

/** FORMAT 2: strings are strict UTF-8, wherever they stand. */
export function stringCases(): Vector[] {
  return [
    ...BROKEN.flatMap(([name, comment, bytes]) => [
      malformed(`utf-8/${name}-in-unknown-value`, `${comment}, in an unknown key's value`, {
        bound: packBound([], ['x', str(bytes)]),
      }),
      malformed(`utf-8/${name}-in-unknown-key`, `${comment}, in an unknown key`, {
        envelope: (ours) => packEnvelope([ours], [bytes, NIL]),
      }),
      malformed(`utf-8/${name}-in-context-value`, `${comment}, in a value of the context`, {
        context: [['a', bytes]],
      }),
      malformed(`utf-8/${name}-in-context-key`, `${comment}, in a key of the context`, {
        context: [[bytes, 'a']],
      }),
      malformed(`utf-8/${name}-in-key-name`, `${comment}, in the key name of another recipient`, {
        envelope: (ours) => packEnvelope([ours, { ...ours, key: bytes }]),
      }),
    ]),
    malformed('utf-8/stray-in-content', 'A continuation byte alone, in content.type', {
      bound: packBound([], ['content', map(['type', str(hex('80'))])]),
    }),
    malformed('utf-8/stray-in-provider', 'A continuation byte alone, in a provider', {
      envelope: (ours) =>
        map(['recipients', array(packRecipient(ours), packRecipient({ ...ours, provider: hex('80') }))]),
    }),
    opens(
      'utf-8/edges',
      'The first and the last character of every length, and the edges of the surrogates',
      {
        bound: packBound([], ['x', str('\0\x7f\x80\u07ff\u0800\uffff\u{10000}\u{10ffff}\ud7ff\ue000')]),
      },
    ),
    opens('utf-8/noncharacters', 'U+FFFE, U+FDD0 and U+1FFFF are characters like others', {
      context: [['\ufffe', '\ufdd0\u{1ffff}']],
    }),
    opens('utf-8/binary-is-not-text', 'A binary that is no UTF-8', {
      bound: packBound([], ['x', bin(hex('ff80c0'))]),
    }),
  ];
}
