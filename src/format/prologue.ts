import { readU32, writeU32 } from '../bytes.js';
import { SealpipeError } from '../errors.js';
import { MAX_FRAME_SIZE_LOG2, MAX_SECTION_SIZE, MIN_FRAME_SIZE_LOG2 } from '../limits.js';
import type { SuiteName } from '../suites.js';
import { SUITE_NAMES, SUITES } from '../suites.js';
import { malformed } from './malformed.js';
import type { LayoutName } from './stream-header.js';

/*
 * FORMAT 1:   0 magic(8)   8 version   9 suite   10 frameSizeLog2   11 layout
 *            12 boundLength u32   16 envelopeLength u32   20 salt(32)   52 commitment(32)
 */
export const PROLOGUE_SIZE = 84;
export const SALT_SIZE = 32;
const MAGIC = [0x89, 0x53, 0x45, 0x41, 0x4c, 0x0d, 0x0a, 0x1a] as const;
const VERSION = 1;
/** Where the length of the envelope is: a re-wrap changes these four bytes and the envelope. */
export const ENVELOPE_LENGTH_AT = 16;

/** The layouts, in the order of their codes. */
export const LAYOUTS: readonly LayoutName[] = ['fixed', 'record'];

/** The fixed part at the beginning of a stream. */
export interface Prologue {
  readonly suite: SuiteName;
  readonly frameSize: number;
  readonly layout: LayoutName;
  readonly boundLength: number;
  readonly envelopeLength: number;
  readonly salt: Uint8Array;
  readonly commitment: Uint8Array;
}

/** Encodes a prologue with legal fields as 84 bytes. */
export function encodePrologue(prologue: Prologue): Uint8Array {
  const bytes = new Uint8Array(PROLOGUE_SIZE);
  bytes.set(MAGIC, 0);
  bytes[8] = VERSION;
  bytes[9] = SUITES[prologue.suite].id;
  bytes[10] = Math.log2(prologue.frameSize);
  bytes[11] = LAYOUTS.indexOf(prologue.layout);
  writeU32(bytes, 12, prologue.boundLength);
  writeU32(bytes, ENVELOPE_LENGTH_AT, prologue.envelopeLength);
  bytes.set(prologue.salt, 20);
  bytes.set(prologue.commitment, 52);
  return bytes;
}

/**
 * Decodes the first 84 bytes, or the available part of them.
 *
 * @param bytes the stream from its first byte; salt and commitment of the result are views of it
 * @returns undefined as long as fewer than 84 bytes have arrived and all of them are legal
 * @throws SealpipeError `ERR_SEALPIPE_FORMAT` or `ERR_SEALPIPE_UNSUPPORTED` at the first byte that is not
 */
export function decodePrologue(bytes: Uint8Array): Prologue | undefined {
  const { length } = bytes;
  for (let i = 0; i < Math.min(length, MAGIC.length); i++) {
    if (bytes[i] !== MAGIC[i]) throw malformed('it does not begin with the magic bytes');
  }
  if (length > 8 && bytes[8] !== VERSION) throw unsupported('format version', bytes[8]!);
  const suite = length > 9 ? SUITE_NAMES.find((name) => SUITES[name].id === bytes[9]) : undefined;
  if (length > 9 && suite === undefined) throw unsupported('suite', bytes[9]!);
  const frameSizeLog2 = length > 10 ? bytes[10]! : MIN_FRAME_SIZE_LOG2;
  if (frameSizeLog2 < MIN_FRAME_SIZE_LOG2 || frameSizeLog2 > MAX_FRAME_SIZE_LOG2) {
    throw malformed(`its frame size would be 2^${frameSizeLog2} bytes`);
  }
  const layout = length > 11 ? LAYOUTS[bytes[11]!] : undefined;
  if (length > 11 && layout === undefined) throw unsupported('layout', bytes[11]!);
  const boundLength = sectionLength(bytes, 12, 'bound');
  const envelopeLength = sectionLength(bytes, ENVELOPE_LENGTH_AT, 'envelope');
  if (length < PROLOGUE_SIZE || suite === undefined || layout === undefined) return undefined;
  return {
    suite,
    frameSize: 2 ** frameSizeLog2,
    layout,
    boundLength,
    envelopeLength,
    salt: bytes.subarray(20, 52),
    commitment: bytes.subarray(52, PROLOGUE_SIZE),
  };
}

/**
 * Version, suite, frame size and layout: the bytes of a prologue that enter the key derivation unchanged (FORMAT 5).
 */
export function prologueParameters(prologueBytes: Uint8Array): Uint8Array {
  return prologueBytes.subarray(8, 12);
}

/** Reads a length that may be incomplete. It is refused as soon as it cannot become legal. */
function sectionLength(bytes: Uint8Array, offset: number, name: string): number {
  const there = Math.min(Math.max(bytes.length - offset, 0), 4);
  const field = new Uint8Array(4);
  field.set(bytes.subarray(offset, offset + there));
  const length = readU32(field, 0);
  if (length > MAX_SECTION_SIZE || (there === 4 && length === 0)) {
    throw malformed(`its ${name} would have an illegal length`);
  }
  return length;
}

function unsupported(what: string, code: number): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_UNSUPPORTED',
    `This stream has ${what} ${code}, which this release of sealpipe does not know`,
    { hint: 'Upgrade sealpipe' },
  );
}
