import type { LineBatch } from '../lines/line-batch.js';
import type { LogPosition } from '../lines/log-position.js';
import type { EndedSegment } from './succession.js';

/** The notifications of a pump. */
export interface PumpListener {
  /** Batches are safely stored, and their memory can be reused. */
  released(batches: readonly LineBatch[]): void;
  /** Segments up to this position of the log will not change any more. */
  ended(segments: readonly EndedSegment[], position: LogPosition): void;
  /** The last batch is being sealed, so lines that were kept back make the next one. */
  drained(): void;
  /** A mark advanced. */
  moved(): void;
  /** Every batch is written, so the writer may add its own records. */
  idle(): LineBatch | undefined;
  /** The pump stopped for good. */
  stopped(error: unknown): void;
}
