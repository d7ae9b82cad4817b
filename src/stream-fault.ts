import type { ErrorCode } from './errors.js';
import { isSealpipeError } from './errors.js';

/** The codes that say something of the stream, and not of keys, options or the system. */
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
  /** What the decrypt stream fails with. */
  readonly code: ErrorCode;
  /** In words. */
  readonly message: string;
  /** The stream was cut short, or altered at its end, which looks the same. */
  readonly cutShort: boolean;
  /** The frame that is refused or missing, from 0; null if the fault lies in the preamble or behind the last frame. */
  readonly frame: number | null;
  /** Where that begins in the sealed stream, in bytes; null if the fault lies in the preamble. */
  readonly offset: number | null;
}

/** Where a fault lies. */
export type FaultPlace = Pick<StreamFault, 'frame' | 'offset'>;

/** Before the first frame. */
export const IN_PREAMBLE: FaultPlace = { frame: null, offset: null };

/** A fault of the stream as a report says it. @throws any other error, as it is */
export function streamFaultOf(error: unknown, { frame, offset }: FaultPlace): StreamFault {
  if (!isSealpipeError(error) || !FAULTS.has(error.code)) throw error;
  const { code, message, atEnd } = error;
  const isBehind = code === 'ERR_SEALPIPE_TRAILING_DATA';
  return {
    code,
    message,
    cutShort: atEnd === true || code === 'ERR_SEALPIPE_TRUNCATED',
    frame: isBehind ? null : frame,
    offset,
  };
}
