import type { ErrorCode } from './errors.js';
import { isSealpipeError } from './errors.js';

/** The codes that describe a fault of the stream, and not of keys, options or the system. */
const FAULTS: ReadonlySet<ErrorCode> = new Set([
  'ERR_SEALPIPE_FORMAT',
  'ERR_SEALPIPE_UNSUPPORTED',
  'ERR_SEALPIPE_LIMIT',
  'ERR_SEALPIPE_AUTHENTICATION',
  'ERR_SEALPIPE_TRUNCATED',
  'ERR_SEALPIPE_TRAILING_DATA',
] as const);

/** What is wrong with a stream, and where. */
export interface StreamFault {
  /** The error code that a decrypt stream fails with. */
  readonly code: ErrorCode;
  /** The fault as a sentence for people. */
  readonly message: string;
  /** The stream was cut short or altered at its end; the two cannot be told apart. */
  readonly cutShort: boolean;
  /** The refused or missing frame, from 0; null if the fault is in the preamble or after the last frame. */
  readonly frame: number | null;
  /** The offset of the fault in the sealed stream, in bytes; null if the fault is in the preamble. */
  readonly offset: number | null;
}

/** The place of a fault. */
export type FaultPlace = Pick<StreamFault, 'frame' | 'offset'>;

/** Before the first frame. */
export const IN_PREAMBLE: FaultPlace = { frame: null, offset: null };

/** Describes a fault of the stream for a report. @throws any other error, unchanged */
export function streamFaultOf(error: unknown, { frame, offset }: FaultPlace): StreamFault {
  if (!isSealpipeError(error) || !FAULTS.has(error.code)) throw error;
  const { code, message, cutShort } = error;
  const isBehind = code === 'ERR_SEALPIPE_TRAILING_DATA';
  return {
    code,
    message,
    cutShort: cutShort === true,
    frame: isBehind ? null : frame,
    offset,
  };
}
