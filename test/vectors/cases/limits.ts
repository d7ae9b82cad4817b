import type { ReaderLimits } from '../../../src/format/preamble.js';
import type { Rest } from '../case-kit.js';
import { altered, NO_PREAMBLE, opens, refuses } from '../case-kit.js';
import type { Crafted, Recipe, Wrapping } from '../craft.js';
import { craft, packBound, packEnvelope } from '../craft.js';
import type { Vector } from '../form.js';
import { patched } from '../frame-forge.js';
import type { Bytes } from '../packing.js';
import { map, NIL, uint } from '../packing.js';

const LIMIT = 'ERR_SEALPIPE_LIMIT';
const OTHER: Wrapping = { provider: 'vectors.example', key: 'other', wrapped: Buffer.from('wrapped') };

type Limits = Partial<ReaderLimits>;

/** FORMAT 1 and 7: a reader's own limits, and when it looks at them. */
export function limitCases(): Vector[] {
  return [...recipients(), ...frameSizes(), ...preambles()];
}

function within(name: string, comment: string, limits: Limits, recipe: Partial<Recipe> = {}): Vector {
  return opens(`limit/${name}`, comment, recipe, { limits });
}

function over(name: string, comment: string, limits: Limits, recipe: Partial<Recipe>, rest: Rest = {}) {
  return refuses(`limit/${name}`, comment, LIMIT, recipe, { ...NO_PREAMBLE, ...rest, limits });
}

/** Something else than a limit decides, or the input ends. */
function changed(
  name: string,
  comment: string,
  code: Parameters<typeof altered>[2],
  limits: Limits,
  change: (crafted: Crafted) => Bytes,
  recipe: Partial<Recipe> = {},
): Vector {
  return altered(`limit/${name}`, comment, code, change, recipe, { ...NO_PREAMBLE, limits });
}

function recipients(): Vector[] {
  const two = { envelope: (ours: Wrapping) => packEnvelope([ours, OTHER]) };
  const limits = { maxRecipients: 1 };
  return [
    within('recipients-within', 'Two recipients, two are allowed', { maxRecipients: 2 }, two),
    over('recipients-over', 'Two recipients, one is allowed', limits, two),
    over('recipients-over-and-withheld', 'Over the limit, and the context is missing', limits, {
      ...two,
      bound: map(['context', NIL], ['created', uint(1)]),
    }),
    over('recipients-over-none-ours', 'Over the limit, and no recipient is ours', limits, {
      envelope: () => packEnvelope([OTHER, { ...OTHER, key: 'another' }]),
    }),
    changed(
      'recipients-over-malformed',
      'Two recipients, and a byte after the map: the envelope is parsed before they are counted',
      'ERR_SEALPIPE_FORMAT',
      limits,
      ({ stream }) => stream,
      { envelope: (ours) => Buffer.concat([packEnvelope([ours, OTHER]), NIL]) },
    ),
    changed(
      'recipients-over-cut',
      'Two recipients, and the input ends before the last byte of the envelope',
      'ERR_SEALPIPE_TRUNCATED',
      limits,
      ({ stream, preambleSize }) => stream.subarray(0, preambleSize - 1),
      two,
    ),
  ];
}

function frameSizes(): Vector[] {
  const limits = { maxFrameSize: 4_096 };
  const large = { frameSizeLog2: 13 };
  return [
    within('frame-size-within', 'Frames of 4,096 bytes, which are allowed', limits),
    over('frame-size-over', 'Frames of 8,192 bytes, 4,096 are allowed', limits, large),
    over('frame-size-over-malformed', 'Over the limit, and the bound is malformed', limits, {
      ...large,
      bound: map(),
    }),
    changed(
      'frame-size-over-alone',
      'Over the limit, and nothing after the prologue',
      LIMIT,
      limits,
      ({ prologue }) => prologue,
      large,
    ),
    changed(
      'frame-size-over-cut',
      'Over the limit, and the input ends before the last byte of the prologue',
      'ERR_SEALPIPE_TRUNCATED',
      limits,
      ({ prologue }) => prologue.subarray(0, 83),
      large,
    ),
    changed(
      'frame-size-over-unsupported',
      'Over the limit, and a layout that is not known',
      'ERR_SEALPIPE_UNSUPPORTED',
      limits,
      ({ stream }) => patched(stream, 11, Uint8Array.of(2)),
      large,
    ),
  ];
}

function preambles(): Vector[] {
  const recipe = { layout: 'fixed', bound: packBound([]) } as const;
  const { preambleSize } = craft('size', { suite: 'AES-256-GCM', ...recipe });
  const least = { maxPreambleSize: preambleSize - 1 };
  return [
    within('preamble-within', 'A preamble as large as is allowed', { maxPreambleSize: preambleSize }, recipe),
    over('preamble-over', 'A preamble that is larger by a byte', least, recipe),
    changed(
      'preamble-over-alone',
      'A preamble that is larger by a byte, and nothing of it after the prologue',
      LIMIT,
      least,
      ({ prologue }) => prologue,
      recipe,
    ),
  ];
}
