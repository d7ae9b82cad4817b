import type { Sort } from '../case-kit.js';
import { everySort, opens, sortName } from '../case-kit.js';
import type { Recipe } from '../craft.js';
import { craft, packBound, packEnvelope } from '../craft.js';
import type { Cut, Vector } from '../form.js';
import { map, nested, str, uint } from '../packing.js';
import { piece } from './frame-cases.js';

const TAG_SIZE = 16;
const WORD_SIZE = 4;

/** FORMAT 7: small streams, and what becomes of each when it is cut at any place. */
export function cutCases(): Vector[] {
  return [
    ...everySort()
      .slice(0, 2)
      .map((sort) => cutTable(sortName(sort), sort, [piece('only', 20)])),
    cutTable(
      'record-frames',
      { suite: 'AES-256-GCM', layout: 'record' },
      ['a', 'b', 'c'].map((name) => piece(name, 9)),
    ),
    cutTable('full-frame', { suite: 'AES-256-GCM', layout: 'fixed' }, [
      piece('full', 4_096),
      piece('rest', 20),
    ]),
    cutTable('full-frame-empty-last', { suite: 'AES-256-GCM', layout: 'fixed' }, [
      piece('full', 4_096),
      piece('none', 0),
    ]),
    cutTable('rich-preamble', { suite: 'AES-256-GCM', layout: 'record' }, [piece('rich', 5)], {
      context: [['\u00e9\u20ac\u{10000}', 'v'.repeat(300)]],
      bound: packBound(
        [['\u00e9\u20ac\u{10000}', 'v'.repeat(300)]],
        ['x', nested(3)],
        ['y', map(['\u{10ffff}', uint(2 ** 53 - 1)])],
      ),
      envelope: (ours) => packEnvelope([ours], ['z', str('\ufeff'.repeat(20))]),
    }),
  ];
}

function cutTable(name: string, sort: Sort, pieces: readonly Buffer[], more: Partial<Recipe> = {}): Vector {
  const full = `cuts/${name}`;
  const recipe: Recipe = { ...sort, ...more, frames: (forge) => forge.sealAll(...pieces) };
  const { preambleSize } = craft(full, recipe);
  const cuts = (sort.layout === 'fixed' ? fixedCuts : recordCuts)(preambleSize, pieces);
  const released = Buffer.concat(pieces);
  return opens(full, 'The whole stream opens; `cut` lines say what every part of it does', recipe, {
    cuts,
    released,
  });
}

/** Every piece but the last fills its frame. */
function fixedCuts(preambleSize: number, pieces: readonly Buffer[]): Cut[] {
  let from = 0;
  let start = preambleSize;
  let releasedBytes = 0;
  return pieces.flatMap((piece) => {
    const missing: Cut = {
      from,
      to: start + TAG_SIZE - 1,
      expect: 'ERR_SEALPIPE_TRUNCATED',
      atEnd: false,
      releasedBytes,
    };
    from = start + TAG_SIZE + piece.length;
    const altered: Cut = {
      from: start + TAG_SIZE,
      to: from - 1,
      expect: 'ERR_SEALPIPE_AUTHENTICATION',
      atEnd: true,
      releasedBytes,
    };
    start = from;
    releasedBytes += piece.length;
    return piece.length === 0 ? [missing] : [missing, altered];
  });
}

function recordCuts(preambleSize: number, pieces: readonly Buffer[]): Cut[] {
  let from = 0;
  let end = preambleSize;
  let releasedBytes = 0;
  return pieces.map((piece) => {
    end += WORD_SIZE + piece.length + TAG_SIZE;
    const cut: Cut = { from, to: end - 1, expect: 'ERR_SEALPIPE_TRUNCATED', atEnd: false, releasedBytes };
    from = end;
    releasedBytes += piece.length;
    return cut;
  });
}
