import type { LogPosition } from '../writer/lines/log-position.js';
import type { LogWriter } from '../writer/log-writer.js';
import type { RunningWriter } from '../writer/running-writer.js';

/** The position after the last line that a writer has taken, which may not be written yet. */
export function appendedTo(writer: LogWriter): LogPosition {
  return (writer as RunningWriter).appended;
}
