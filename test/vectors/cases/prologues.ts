import { u32 } from '../../../src/bytes.js';
import type { ErrorCode } from '../../../src/errors.js';
import { altered, LAYOUT_NAMES, NO_PREAMBLE, opens, SUITE_NAMES } from '../case-kit.js';
import type { Crafted } from '../craft.js';
import { packBound, packEnvelope } from '../craft.js';
import type { Vector } from '../form.js';
import { flipped, patched } from '../frame-forge.js';
import type { Bytes } from '../packing.js';
import { bin, map, str } from '../packing.js';

const FORMAT = 'ERR_SEALPIPE_FORMAT';
const UNSUPPORTED = 'ERR_SEALPIPE_UNSUPPORTED';
const AUTHENTICATION = 'ERR_SEALPIPE_AUTHENTICATION';

/** FORMAT 1: every field of the prologue. */
export function prologueCases(): Vector[] {
  return [...magic(), ...versions(), ...codes(), ...exchanged(), ...lengths(), ...wholeSections()];
}

/** Other bytes at `offset`. */
function at(offset: number, value: Bytes): (crafted: Crafted) => Buffer {
  return ({ stream }) => patched(stream, offset, value);
}

function illegal(name: string, comment: string, code: ErrorCode, offset: number, value: Bytes): Vector {
  return altered(`prologue/${name}`, comment, code, at(offset, value), {}, NO_PREAMBLE);
}

function magic(): Vector[] {
  const bytes = [0, 1, 2, 3, 4, 5, 6, 7].map((i) =>
    altered(
      `prologue/magic-${i}`,
      `Byte ${i} of the magic is another`,
      FORMAT,
      ({ stream }) => flipped(stream, i),
      {},
      NO_PREAMBLE,
    ),
  );
  const newlines = altered(
    'prologue/magic-text-mode',
    'Sent as text: 0D 0A of the magic became 0A',
    FORMAT,
    ({ stream }) => Buffer.concat([stream.subarray(0, 5), stream.subarray(6)]),
    {},
    NO_PREAMBLE,
  );
  return [...bytes, newlines];
}

function versions(): Vector[] {
  const numbers = [0, 2, 255].map((version) =>
    illegal(`version-${version}`, `Version ${version}`, UNSUPPORTED, 8, Uint8Array.of(version)),
  );
  const nothingAfter = altered(
    'prologue/version-2-alone',
    'Version 2, and nothing after it: nothing beyond byte 8 of an unknown version is read',
    UNSUPPORTED,
    ({ stream }) => patched(stream, 8, Uint8Array.of(2)).subarray(0, 9),
    {},
    NO_PREAMBLE,
  );
  const otherwise = illegal(
    'version-2-of-another-form',
    'Version 2, and then bytes that no prologue of version 1 may have',
    UNSUPPORTED,
    8,
    Buffer.concat([Uint8Array.of(2), Buffer.alloc(75, 0xff)]),
  );
  return [...numbers, nothingAfter, otherwise];
}

function codes(): Vector[] {
  return [
    ...[0, 6, 255].map((suite) =>
      illegal(`suite-${suite}`, `Suite ${suite}`, UNSUPPORTED, 9, Uint8Array.of(suite)),
    ),
    ...[0, 11, 21, 255].map((log2) =>
      illegal(`frame-size-${log2}`, `A frame size of 2^${log2}`, FORMAT, 10, Uint8Array.of(log2)),
    ),
    ...[2, 255].map((layout) =>
      illegal(`layout-${layout}`, `Layout ${layout}`, UNSUPPORTED, 11, Uint8Array.of(layout)),
    ),
  ];
}

/** Fields that are legal and not the writer's: the commitment is missed. */
function exchanged(): Vector[] {
  const missed = (name: string, comment: string, change: (crafted: Crafted) => Bytes, sort = 0) =>
    altered(`prologue/${name}`, comment, AUTHENTICATION, change, {
      suite: SUITE_NAMES[0]!,
      layout: LAYOUT_NAMES[sort]!,
    });
  const others = SUITE_NAMES.slice(1);
  return [
    ...others.map((other, i) =>
      missed(`named-${other.toLowerCase()}`, `Says suite ${i + 2}, made with 1`, at(9, Uint8Array.of(i + 2))),
    ),
    missed('frame-size', 'Says frames of 2^13 bytes, made with 2^12', at(10, Uint8Array.of(13))),
    missed('fixed-named-record', 'Fixed layout, says record', at(11, Uint8Array.of(1)), 0),
    missed('record-named-fixed', 'Record layout, says fixed', at(11, Uint8Array.of(0)), 1),
    missed('salt-first', 'First byte of the salt flipped', ({ stream }) => flipped(stream, 20)),
    missed('salt-last', 'Last byte of the salt flipped', ({ stream }) => flipped(stream, 51, 0x80)),
    missed('commitment-first', 'First byte of the commitment flipped', ({ stream }) => flipped(stream, 52)),
    missed('commitment-last', 'Last byte of the commitment flipped', ({ stream }) =>
      flipped(stream, 83, 0x80),
    ),
    missed('commitment-zeros', 'A commitment of zeros', at(52, Buffer.alloc(32))),
    ...others.map((suite) =>
      altered(
        `prologue/${suite.toLowerCase()}-named-aes-256-gcm`,
        'Says suite 1, made with another',
        AUTHENTICATION,
        at(9, Uint8Array.of(1)),
        { suite },
      ),
    ),
  ];
}

function lengths(): Vector[] {
  const fields = [
    ['bound', 12],
    ['envelope', 16],
  ] as const;
  return fields.flatMap(([section, offset]) => {
    const off = (name: string, by: number) =>
      altered(
        `prologue/${section}-length-${name}`,
        `The ${section} is said to be ${by > 0 ? 'longer' : 'shorter'} than it is, by one byte`,
        FORMAT,
        (crafted) => patched(crafted.stream, offset, u32(crafted[section].length + by)),
        {},
        NO_PREAMBLE,
      );
    return [
      ...[0, 65_537, 2 ** 31, 2 ** 32 - 1].map((length) =>
        illegal(
          `${section}-length-${length}`,
          `${section}Length ${length}: outside 1 to 65,536`,
          FORMAT,
          offset,
          u32(length),
        ),
      ),
      off('one-more', 1),
      off('one-less', -1),
    ];
  });
}

/** Sections of exactly 65,536 bytes. */
function wholeSections(): Vector[] {
  const most = 65_536;
  const filled = (bare: number) => Buffer.alloc(most - bare - 2 - 3);
  return [
    opens('prologue/bound-length-65536', 'A bound of 65,536 bytes, most of them an unknown key', {
      bound: packBound([], ['x', bin(filled(packBound([]).length))]),
    }),
    opens('prologue/envelope-length-65536', 'An envelope of 65,536 bytes, most of them pad', {
      envelope: (ours) =>
        packEnvelope([ours], ['pad', bin(filled(packEnvelope([ours]).length + 'pad'.length - 1))]),
    }),
    altered(
      'prologue/bound-length-1',
      'A bound of one byte: an empty map, which lacks what a bound must have',
      FORMAT,
      ({ stream }) => stream,
      { bound: map() },
      NO_PREAMBLE,
    ),
    altered(
      'prologue/envelope-length-1',
      'An envelope of one byte: an empty string',
      FORMAT,
      ({ stream }) => stream,
      { envelope: () => str('') },
      NO_PREAMBLE,
    ),
  ];
}
