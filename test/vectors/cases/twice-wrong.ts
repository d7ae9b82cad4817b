import type { ErrorCode } from '../../../src/errors.js';
import type { Rest } from '../case-kit.js';
import { altered, NO_PREAMBLE, refuses } from '../case-kit.js';
import { packEnvelope } from '../craft.js';
import type { Vector } from '../form.js';
import { flipped, patched } from '../frame-forge.js';
import { CREATED } from '../material.js';
import { hex, map, NIL, uint } from '../packing.js';

const FORMAT = 'ERR_SEALPIPE_FORMAT';
const UNSUPPORTED = 'ERR_SEALPIPE_UNSUPPORTED';
const CONTEXT = 'ERR_SEALPIPE_CONTEXT';

/** FORMAT 1 and 7: of two faults the first decides, in the order of the bytes and of the steps of a reader. */
export function twiceWrongCases(): Vector[] {
  return [...prologues(), ...sections(), ...steps()];
}

/** Offset and bytes of two illegal fields; the stream goes on behind them, or ends with the second. */
const FIELDS: readonly (readonly [string, ErrorCode, number, string, number, string])[] = [
  ['magic-and-version', FORMAT, 7, '0a', 8, '02'],
  ['version-and-suite', UNSUPPORTED, 8, '02', 9, '00'],
  ['version-and-frame-size', UNSUPPORTED, 8, '02', 10, '00'],
  ['suite-and-frame-size', UNSUPPORTED, 9, '06', 10, '15'],
  ['suite-and-bound-length', UNSUPPORTED, 9, '00', 12, '00000000'],
  ['frame-size-and-layout', FORMAT, 10, '0b', 11, '02'],
  ['frame-size-and-layout-largest', FORMAT, 10, 'ff', 11, 'ff'],
  ['frame-size-and-envelope-length', FORMAT, 10, '15', 16, 'ffffffff'],
  ['layout-and-bound-length', UNSUPPORTED, 11, '02', 12, '00010001'],
  ['layout-and-envelope-length', UNSUPPORTED, 11, '80', 16, '00000000'],
  ['bound-length-and-envelope-length', FORMAT, 12, '00000000', 16, '00010001'],
];

function prologues(): Vector[] {
  return FIELDS.flatMap(([name, code, first, firstDigits, second, secondDigits]) => {
    const both = (stream: Uint8Array) =>
      patched(patched(stream, first, hex(firstDigits)), second, hex(secondDigits));
    const comment = `Illegal: ${name.replaceAll('-', ' ').replace(' and ', ' and then ')}`;
    return [
      altered(`prologue/twice-${name}`, comment, code, ({ stream }) => both(stream), {}, NO_PREAMBLE),
      altered(
        `prologue/twice-${name}-cut`,
        `${comment}; the input ends behind them`,
        code,
        ({ stream }) => both(stream).subarray(0, second + hex(secondDigits).length),
        {},
        NO_PREAMBLE,
      ),
    ];
  });
}

function sections(): Vector[] {
  return [
    altered(
      'prologue/twice-layout-and-bound',
      'A layout that is not known, and a bound that is malformed',
      UNSUPPORTED,
      ({ stream }) => patched(stream, 11, Uint8Array.of(2)),
      { bound: map() },
      NO_PREAMBLE,
    ),
    refuses(
      'prologue/twice-envelope-and-context',
      'An envelope that is malformed, and a context that is withheld and not given',
      FORMAT,
      { bound: map(['context', NIL], ['created', uint(CREATED)]), envelope: () => packEnvelope([]) },
      NO_PREAMBLE,
    ),
    refuses(
      'prologue/twice-envelope-and-required-pair',
      'An envelope that is malformed, and a context that lacks a required pair',
      FORMAT,
      { envelope: () => map() },
      { ...NO_PREAMBLE, context: { a: '1' } },
    ),
  ];
}

function steps(): Vector[] {
  const nobody = { provider: 'vectors.example', key: 'other', wrapped: Buffer.from('wrapped') };
  const withheld = { bound: map(['context', NIL], ['created', uint(CREATED)]) };
  const wrong = (name: string, comment: string, code: ErrorCode, recipe = {}, rest: Rest = {}) =>
    refuses(`prologue/twice-${name}`, comment, code, recipe, rest);
  return [
    wrong(
      'context-and-recipients',
      'A required pair is missing, and no recipient is ours',
      CONTEXT,
      {
        envelope: () => packEnvelope([nobody]),
      },
      { context: { a: '1' } },
    ),
    wrong('withheld-and-recipients', 'The context is not given, and no recipient is ours', CONTEXT, {
      ...withheld,
      envelope: () => packEnvelope([nobody]),
    }),
    altered(
      'prologue/twice-context-and-commitment',
      'A required pair is missing, and the commitment is missed',
      CONTEXT,
      ({ stream }) => flipped(stream, 60),
      {},
      { context: { a: '1' } },
    ),
    altered(
      'prologue/twice-recipients-and-frames',
      'No recipient is ours, and there are no frames',
      'ERR_SEALPIPE_KEY_MISMATCH',
      ({ stream, preambleSize }) => stream.subarray(0, preambleSize),
      { envelope: () => packEnvelope([nobody]) },
    ),
    altered(
      'prologue/twice-commitment-and-frames',
      'The commitment is missed, and there are no frames',
      'ERR_SEALPIPE_AUTHENTICATION',
      ({ stream, preambleSize }) => flipped(stream, 60).subarray(0, preambleSize),
    ),
  ];
}
