import { createHash } from 'node:crypto';
import { equalBytes, readU32, u32 } from '../../bytes.js';
import { SECTOR_SIZE } from '../../file-system.js';
import { PreambleReader } from '../../format/preamble.js';
import { PROLOGUE_SIZE } from '../../format/prologue.js';
import { MAX_SECTION_SIZE } from '../../limits.js';

/** The content of a journal: the whole old head of a file and the whole new one, of the same length. */
export interface HeadChange {
  readonly old: Uint8Array;
  readonly new: Uint8Array;
}

const MAGIC = Buffer.from([0x89, 0x53, 0x45, 0x41, 0x4a, 0x0d, 0x0a, 0x1a]);
const VERSION = 1;
const FIXED_SIZE = 16;
const DIGEST_SIZE = 32;

/** The longest journal. */
export const MAX_JOURNAL_SIZE = FIXED_SIZE + 2 * (PROLOGUE_SIZE + 2 * MAX_SECTION_SIZE) + DIGEST_SIZE;

/** The bytes of a journal: see the head comment of replace-head. */
export function encodeJournal({ old, new: next }: HeadChange): Buffer {
  const fixed = Buffer.concat([MAGIC, Buffer.from([VERSION, 0, 0, 0]), u32(old.length)]);
  const content = Buffer.concat([fixed, old, next]);
  return Buffer.concat([content, sha256(content)]);
}

/** @returns `torn` for a journal that was not written to its end, `foreign` for one that this release does not know */
export function decodeJournal(bytes: Uint8Array): HeadChange | 'torn' | 'foreign' {
  if (bytes.length < FIXED_SIZE + DIGEST_SIZE) return 'torn';
  const isOurs = equalBytes(bytes.subarray(0, MAGIC.length), MAGIC);
  if (isOurs && bytes[MAGIC.length] !== VERSION) return 'foreign';
  const end = bytes.length - DIGEST_SIZE;
  if (!equalBytes(sha256(bytes.subarray(0, end)), bytes.subarray(end))) return 'torn';
  const length = readU32(bytes, 12);
  if (!isOurs || end !== FIXED_SIZE + 2 * length) return 'foreign';
  const middle = FIXED_SIZE + length;
  return { old: bytes.subarray(FIXED_SIZE, middle), new: bytes.subarray(middle, end) };
}

/**
 * Whether a change belongs to this file: the old head, the new head and the file belong to one stream (everything
 * before the envelope is equal: version, suite, sizes, salt, commitment, bound), and every sector of the file's head is
 * the old one or the new one.
 *
 * @param head the file's first bytes, as many as the old head has
 */
export function fits(change: HeadChange, head: Uint8Array): boolean {
  const { old, new: next } = change;
  const envelopeStart = startOfEnvelope(old);
  if (envelopeStart === undefined || startOfEnvelope(next) !== envelopeStart) return false;
  if (head.length !== old.length || next.length !== old.length) return false;
  const prefix = old.subarray(0, envelopeStart);
  if (![next, head].every((one) => equalBytes(one.subarray(0, envelopeStart), prefix))) return false;
  for (let at = 0; at < old.length; at += SECTOR_SIZE) {
    const sector = head.subarray(at, at + SECTOR_SIZE);
    const isKnown = [old, next].some((one) => equalBytes(one.subarray(at, at + SECTOR_SIZE), sector));
    if (!isKnown) return false;
  }
  return true;
}

/** Where the envelope begins in a legal head; undefined if these bytes are not one, or hold more. */
function startOfEnvelope(head: Uint8Array): number | undefined {
  try {
    const { taken, preamble } = new PreambleReader().take(head, 0);
    if (preamble === undefined || taken !== head.length) return undefined;
    return preamble.prologueBytes.length + preamble.boundBytes.length;
  } catch {
    return undefined;
  }
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
