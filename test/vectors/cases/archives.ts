import { u32 } from '../../../src/bytes.js';
import { sha256 } from '../../../src/crypto/key-schedule.js';
import type { LayoutName } from '../../../src/format/stream-header.js';
import type { Rest } from '../case-kit.js';
import { OUR_KEYS } from '../case-kit.js';
import type { Crafted, Recipe } from '../craft.js';
import { contextBytes, craft, packBound, packEnvelope, rawWrapping, segmentDigest } from '../craft.js';
import type { Vector } from '../form.js';
import { vectorOf } from '../form.js';
import { patched } from '../frame-forge.js';
import { material, seed } from '../material.js';
import type { Pair } from '../packing.js';
import { bin, map, TRUE, uint } from '../packing.js';
import { piece } from './frame-cases.js';

const ARCHIVE = bin(seed('archive of segments').subarray(0, 16));
const SECOND = { name: 'second', key: seed('second wrapping key') };

/** FORMAT 8: the segments of one archive, each of which names the digest of the one before. */
export function archiveCases(): Vector[] {
  const lines = [piece('line 1', 40), piece('line 2', 30), piece('line 3', 20)];
  const zeros = Buffer.alloc(32).toString('hex');
  const first = segment(0, zeros, 'record', { frames: (forge) => forge.sealAll(...lines) });
  const second = segment(1, segmentDigest(first), 'fixed', { plaintext: Buffer.concat(lines) });
  const torn = tornSegment(
    segment(2, segmentDigest(second), 'record', { frames: (forge) => forge.sealAll(...lines) }),
  );
  const fourth = segment(3, segmentDigest(torn), 'record', { plaintext: lines[0]! });
  const last = segment(4, segmentDigest(fourth), 'record', { plaintext: Buffer.alloc(0) }, ['closed', TRUE]);
  const all = Buffer.concat(lines);
  const cut: Rest = { expect: 'ERR_SEALPIPE_TRUNCATED' };
  return [
    said('0', 'The first segment', first, all),
    said(
      '0-rewrapped',
      'The first segment under another key: its digest is the same',
      rewrapped(first),
      all,
      {
        keys: [SECOND],
      },
    ),
    said('1', 'The second, in the fixed layout', second, all),
    said('2-torn', 'The third, which a crash cut within its last frame', torn, all.subarray(0, 70), cut),
    said('3', 'The fourth names the digest of the torn one as it was found', fourth, lines[0]!),
    said('4-closed', 'The closing segment', last, Buffer.alloc(0)),
  ];
}

interface Segment extends Crafted {
  readonly layout: LayoutName;
  readonly dataKey: Buffer;
}

function segment(
  index: number,
  previous: string,
  layout: LayoutName,
  recipe: Partial<Recipe>,
  ...more: readonly Pair[]
): Segment {
  const name = `chain/archive-${index}`;
  const link: readonly Pair[] = [
    ['archive', ARCHIVE],
    ['index', uint(index)],
    ['previous', bin(Buffer.from(previous, 'hex'))],
    ...more,
  ];
  const bound = packBound([], ['chain', map(...link)]);
  const crafted = craft(name, { suite: 'AES-256-GCM', layout, bound, ...recipe });
  return { ...crafted, layout, dataKey: material(`${name}, data key`, 32) };
}

/** All of the segment but its last 5 bytes. */
function tornSegment(whole: Segment): Segment {
  return { ...whole, stream: whole.stream.subarray(0, -5) };
}

/** The same segment with an envelope for another key. */
function rewrapped(segment: Segment): Segment {
  const { prologue, bound, preambleSize, stream, dataKey } = segment;
  const envelope = packEnvelope([rawWrapping('rewrapped', dataKey, sha256(contextBytes([])), SECOND)]);
  const head = patched(prologue, 16, u32(envelope.length));
  const again = Buffer.concat([head, bound, envelope, stream.subarray(preambleSize)]);
  const size = head.length + bound.length + envelope.length;
  return { ...segment, prologue: head, envelope, preambleSize: size, stream: again };
}

function said(name: string, comment: string, segment: Segment, released: Buffer, rest: Rest = {}): Vector {
  const { layout, preambleSize, stream } = segment;
  return vectorOf({
    name: `chain/archive-${name}`,
    comment,
    suite: 'AES-256-GCM',
    layout,
    keys: OUR_KEYS,
    preambleSize,
    released,
    segmentDigest: segmentDigest(segment),
    stream,
    ...rest,
  });
}
