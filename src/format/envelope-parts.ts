import { SealpipeError } from '../errors.js';
import { ENVELOPE_MULTIPLE, MAX_RECIPIENTS, MAX_SECTION_SIZE } from '../limits.js';
import { readRecipient } from './envelope.js';
import { PackReader, text } from './pack-reader.js';
import { pack } from './pack-writer.js';
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

const RECIPIENTS = 'recipients';
const PAD = 'pad';

/**
 * Splits an envelope that a reader has accepted into its parts.
 *
 * @throws SealpipeError `ERR_SEALPIPE_FORMAT`
 */
export function partsOf(envelope: Uint8Array): EnvelopeParts {
  const before: Uint8Array[] = [];
  const behind: Uint8Array[] = [];
  const entries: EnvelopeEntry[] = [];
  PackReader.read(envelope, envelope.length, (reader) => {
    for (let left = reader.mapSize(); left > 0; left--) {
      const start = reader.position;
      const key = text(reader.strBytes());
      if (key === RECIPIENTS) {
        reader.array(1, MAX_RECIPIENTS, () => {
          const begin = reader.position;
          const recipient = readRecipient(reader);
          entries.push({ recipient, bytes: new Uint8Array(reader.since(begin)) });
        });
      } else {
        reader.skip();
        if (key !== PAD) (entries.length === 0 ? before : behind).push(new Uint8Array(reader.since(start)));
      }
    }
    reader.endMap();
  });
  return { entries, before, behind };
}

/** A new recipient, encoded. */
export function entryOf({ provider, key, wrapped }: Recipient): EnvelopeEntry {
  const map = new Map<string, string | Uint8Array>([
    ['provider', provider],
    ['key', key],
    ['wrapped', wrapped],
  ]);
  return { recipient: { provider, key, wrapped }, bytes: pack(map) };
}

/** Composes an envelope of exactly this length; undefined if that is impossible. */
export function joinedTo(length: number, parts: EnvelopeParts): Uint8Array | undefined {
  const pairs = pairsOf(parts);
  const bare = Buffer.concat([mapHead(pairs.length), ...pairs]);
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
  for (let length = ENVELOPE_MULTIPLE; length <= MAX_SECTION_SIZE; length += ENVELOPE_MULTIPLE) {
    const envelope = joinedTo(length, parts);
    if (envelope !== undefined) return envelope;
  }
  throw new SealpipeError(
    'ERR_SEALPIPE_LIMIT',
    `The wrapped keys of ${parts.entries.length} recipients take more than ${MAX_SECTION_SIZE} bytes: use fewer recipients`,
  );
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

function mapHead(pairs: number): Uint8Array {
  return Buffer.from(pairs < 16 ? [0x80 + pairs] : [0xde, pairs >> 8, pairs & 0xff]);
}

function arrayHead(items: number): Uint8Array {
  return Buffer.from(items < 16 ? [0x90 + items] : [0xdc, items >> 8, items & 0xff]);
}
