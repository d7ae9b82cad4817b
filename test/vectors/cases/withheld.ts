import { opens, plaintextOf, refuses } from '../case-kit.js';
import type { ContextPairs } from '../craft.js';
import type { Vector } from '../form.js';
import { CREATED } from '../material.js';
import { map, NIL, uint } from '../packing.js';

const CONTEXT = 'ERR_SEALPIPE_CONTEXT';
const AUTHENTICATION = 'ERR_SEALPIPE_AUTHENTICATION';
const NFC = 'caf\u00e9';
const NFD = 'cafe\u0301';

/** FORMAT 2: streams that withhold their context, and readers that bring the right one, another or none. */
export function withheldCases(): Vector[] {
  const bound = map(['context', NIL], ['created', uint(CREATED)]);
  const context: ContextPairs = [
    ['a', '1'],
    ['b', '2'],
  ];
  const given = (
    name: string,
    comment: string,
    theirs: Record<string, string> | undefined,
    own = context,
  ) => {
    const full = `context/withheld-${name}`;
    const opened = { context: theirs, released: plaintextOf(full) };
    return { full, comment, recipe: { bound, context: own }, opened, refused: { context: theirs } };
  };
  const right = (...args: Parameters<typeof given>) => {
    const { full, comment, recipe, opened } = given(...args);
    return opens(full, comment, recipe, opened);
  };
  const wrong = (code: typeof CONTEXT | typeof AUTHENTICATION, ...args: Parameters<typeof given>) => {
    const { full, comment, recipe, refused } = given(...args);
    return refuses(full, comment, code, recipe, refused);
  };
  return [
    right('given', 'Withheld, and the reader brings the whole', { b: '2', a: '1' }),
    right('empty-given', 'An empty context withheld, and the reader brings {}', {}, []),
    wrong(CONTEXT, 'not-given', 'Withheld, and the reader brings none', undefined),
    wrong(CONTEXT, 'empty-not-given', 'An empty context withheld, and the reader brings none', undefined, []),
    wrong(AUTHENTICATION, 'part', 'Withheld, and the reader brings a part', { a: '1' }),
    wrong(AUTHENTICATION, 'more', 'Withheld, and the reader brings a pair too many', {
      a: '1',
      b: '2',
      c: '3',
    }),
    wrong(AUTHENTICATION, 'wrong', 'Withheld, and the reader brings another value', { a: '1', b: '3' }),
    wrong(AUTHENTICATION, 'wrong-form', 'Withheld in NFC, and the reader brings NFD', { n: NFD }, [
      ['n', NFC],
    ]),
    wrong(
      AUTHENTICATION,
      'empty-wrong',
      'An empty context withheld, the reader brings another',
      { a: '' },
      [],
    ),
  ];
}
