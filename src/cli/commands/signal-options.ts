import type { CommandLine } from '../arguments/command-line.js';
import { durationOption } from '../arguments/values/durations.js';
import type { RecordManner } from '../io/jobs/record-sealing.js';
import { misuse } from '../terminal/command-error.js';
import { USAGE } from '../terminal/messages/command-line.js';

const GRACE = 5_000;

/** The options about signals; undefined unless the layout is the record layout. @throws CommandError with status 2 */
export function recordManner({ options, program }: CommandLine): RecordManner | undefined {
  const grace = durationOption(options, 'grace');
  const endOnSignal = options.has('end-on-signal');
  if (options.text('layout') === 'record') {
    if (endOnSignal && program !== undefined) throw misuse(USAGE.endNotKnown('-- CMD'));
    if (endOnSignal && options.has('expected-size')) throw misuse(USAGE.endNotKnown('--expected-size'));
    return { grace: grace ?? GRACE, endOnSignal };
  }
  if (grace !== undefined) throw misuse(USAGE.needsRecord('grace'));
  if (endOnSignal) throw misuse(USAGE.needsRecord('end-on-signal'));
  return undefined;
}
