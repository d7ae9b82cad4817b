import type { RecoverOptions } from '../../src/sealed/recovery/recover.js';
import { recover } from '../../src/sealed/recovery/recover.js';
import type { RecoverReport } from '../../src/sealed/recovery/recover-report.js';
import type { RecoveredStreamOptions } from '../../src/sealed/recovery/recovery.js';
import type { SealedSource } from '../../src/sources/byte-source.js';
import { outcome } from '../support/outcome.js';
import { keys } from '../support/test-keys.js';

/** All that is saved of a stream, and the report. */
export async function saved(
  source: SealedSource,
  options: Partial<RecoverOptions> = {},
  streamOptions?: RecoveredStreamOptions,
): Promise<{ bytes: Buffer; report: RecoverReport }> {
  await using recovery = await recover(source, { keys, ...options });
  const { bytes, error } = await outcome(recovery.createReadStream(streamOptions));
  if (error !== undefined) throw error;
  return { bytes, report: await recovery.report };
}

/** Bytes without those from `start` to `end`. */
export function without(bytes: Uint8Array, start: number, end: number): Buffer {
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
}

/** Bytes with others in their place. */
export function overwritten(bytes: Uint8Array, start: number, other: Uint8Array): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(other, start);
  return copy;
}
