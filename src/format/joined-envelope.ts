import { SealpipeError } from '../errors.js';
import { ENVELOPE_MULTIPLE, MAX_SECTION_SIZE } from '../limits.js';
import { arrayHead, mapHead, pack } from './pack-writer.js';
import type { Recipient } from './stream-header.js';

/** A recipient with its exact bytes in the envelope: a reader may not know all of its keys. */
export interface EnvelopeEntry {
  readonly recipient: Recipient;
  readonly bytes: Uint8Array;
}

/** The parts of an envelope, including those that a reader does not know (FORMAT 2). */
export interface EnvelopeParts {
  readonly entries: readonly EnvelopeEntry[];
  /** All other pairs of the map except the pad, unchanged. */
  readonly before: readonly Uint8Array[];
  readonly behind: readonly Uint8Array[];
}

/** The keys of the map. */
export const RECIPIENTS = 'recipients';
export const PAD = 'pad';

/** A new recipient, encoded. */
export function entryOf({ provider, key, wrapped }: Recipient): EnvelopeEntry {
  const map = new Map<string, string | Uint8Array>([
    ['provider', provider],
    ['key', key],
    ['wrapped', wrapped],
  ]);
  return { recipient: { provider, key, wrapped }, bytes: pack(map) };
}

/**
 * Composes an envelope without a pad.
 *
 * @throws SealpipeError `ERR_SEALPIPE_LIMIT` if it takes more than an envelope may
 */
export function joinedBare(parts: EnvelopeParts): Uint8Array {
  const bare = withoutPad(pairsOf(parts));
  if (bare.length > MAX_SECTION_SIZE) throw tooLong(parts);
  return bare;
}

/** Composes an envelope of exactly this length; undefined if that is impossible. */
export function joinedTo(length: number, parts: EnvelopeParts): Uint8Array | undefined {
  const pairs = pairsOf(parts);
  const bare = withoutPad(pairs);
  if (bare.length === length) return bare;
  const padded = Buffer.concat([mapHead(pairs.length + 1), ...pairs]);
  const pad = padOf(length - padded.length);
  return pad && Buffer.concat([padded, pad]);
}

/**
 * Composes an envelope whose length is a multiple of 1,024.
 *
 * @throws SealpipeError `ERR_SEALPIPE_LIMIT`
 */
export function joined(parts: EnvelopeParts): Uint8Array {
  const bare = joinedBare(parts);
  const first = Math.ceil(bare.length / ENVELOPE_MULTIPLE) * ENVELOPE_MULTIPLE;
  for (let length = first; length <= MAX_SECTION_SIZE; length += ENVELOPE_MULTIPLE) {
    const envelope = joinedTo(length, parts);
    if (envelope !== undefined) return envelope;
  }
  throw tooLong(parts);
}

function tooLong({ entries }: EnvelopeParts): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_LIMIT',
    `The wrapped keys of ${entries.length} recipients take more than ${MAX_SECTION_SIZE} bytes`,
    { hint: 'Use fewer keys' },
  );
}

function withoutPad(pairs: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([mapHead(pairs.length), ...pairs]);
}

function pairsOf({ entries, before, behind }: EnvelopeParts): Uint8Array[] {
  const recipients = [stringOf(RECIPIENTS), arrayHead(entries.length), ...entries.map(({ bytes }) => bytes)];
  return [...before, Buffer.concat(recipients), ...behind];
}

/** The pair `pad`, of exactly this many bytes; undefined if that is impossible (FORMAT 2). */
function padOf(length: number): Uint8Array | undefined {
  const key = stringOf(PAD);
  const small = length - key.length - 2;
  if (small >= 0 && small <= 0xff) {
    return Buffer.concat([key, Buffer.from([0xc4, small]), Buffer.alloc(small)]);
  }
  const medium = length - key.length - 3;
  if (medium <= 0xff || medium > 0xffff) return undefined;
  return Buffer.concat([key, Buffer.from([0xc5, medium >> 8, medium & 0xff]), Buffer.alloc(medium)]);
}

/** A string of fewer than 32 bytes. */
function stringOf(word: string): Uint8Array {
  return Buffer.concat([Buffer.from([0xa0 + word.length]), Buffer.from(word, 'ascii')]);
}
