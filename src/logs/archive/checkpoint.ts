import { SealpipeError } from '../../errors.js';
import type { SegmentPlace } from '../units/control-record.js';
import { isArchiveName } from './segment-name.js';

/** The state of an archive at some moment. Keep it in a place that nobody who can change the archive can change. */
export interface Checkpoint {
  /** The archive's id, 32 hex digits. */
  readonly archive: string;
  /** Of the segment. */
  readonly index: number;
  /** Bytes of the segment after its preamble. */
  readonly offset: number;
  /** SHA-256 of the segment up to there, like the next one would name it (FORMAT 8), in hex. */
  readonly digest: string;
  /** Lines of the segment that end before `offset`. */
  readonly records: number;
  /** The segment closes the archive. */
  readonly closed: boolean;
}

/** A SHA-256 in hex. */
export const HEX_DIGEST = /^[0-9a-f]{64}$/;

/**
 * Reads a checkpoint from JSON or a parsed object. Other members are ignored.
 *
 * @throws SealpipeError `ERR_SEALPIPE_FORMAT`
 */
export function parseCheckpoint(given: unknown): Checkpoint {
  const { archive, index, offset, digest, records, closed } = membersOf(given, 'checkpoint');
  const isRight =
    typeof archive === 'string' &&
    isArchiveName(archive) &&
    isWhole(index) &&
    isWhole(offset) &&
    typeof digest === 'string' &&
    HEX_DIGEST.test(digest) &&
    isWhole(records) &&
    typeof closed === 'boolean';
  if (!isRight) throw notA('checkpoint');
  return { archive, index, offset, digest, records, closed };
}

/** Reads the file of acknowledgement. @throws SealpipeError `ERR_SEALPIPE_FORMAT` */
export function parseAcknowledgement(text: string): SegmentPlace {
  const { index, offset, records } = membersOf(text, 'file of acknowledgement');
  if (!isWhole(index) || !isWhole(offset) || !isWhole(records)) throw notA('file of acknowledgement');
  return { index, offset, records };
}

function membersOf(given: unknown, what: string): Readonly<Record<string, unknown>> {
  let value = given;
  if (typeof given === 'string') {
    try {
      value = JSON.parse(given);
    } catch {
      throw notA(what);
    }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notA(what);
  return value as Readonly<Record<string, unknown>>;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function notA(what: string): SealpipeError {
  return new SealpipeError('ERR_SEALPIPE_FORMAT', `This is no ${what} of a log archive`);
}
