import type { LineBatch } from './lines/line-batch.js';

/** What a pump tells. */
export interface PumpListener {
  /** Batches are safe: their memory is free. */
  released(batches: readonly LineBatch[]): void;
  /** A mark moved. */
  moved(): void;
  /** Every batch is written: what the writer has to say of itself may be said now. */
  idle(): LineBatch | undefined;
  /** The pump stopped, and never goes on. */
  stopped(error: unknown): void;
}
