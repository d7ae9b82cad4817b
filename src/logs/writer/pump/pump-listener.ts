import type { LineBatch } from '../lines/line-batch.js';
import type { LogPosition } from '../lines/log-position.js';
import type { EndedSegment } from './succession.js';

/** What a pump tells. */
export interface PumpListener {
  /** Batches are safe: their memory is free. */
  released(batches: readonly LineBatch[]): void;
  /** Segments will not change any more, up to which the log came to this position. */
  ended(segments: readonly EndedSegment[], position: LogPosition): void;
  /** A mark moved. */
  moved(): void;
  /** Every batch is written: what the writer has to say of itself may be said now. */
  idle(): LineBatch | undefined;
  /** The pump stopped, and never goes on. */
  stopped(error: unknown): void;
}
