import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { LogMessage, LogPosition, LogPositions, LogWriter } from '../../../../logs/index.js';
import { appendedTo } from '../../../../logs/upkeep/index.js';
import type { Metric, Sample } from '../../../io/metrics/exposition.js';
import { exposition } from '../../../io/metrics/exposition.js';

/** What a log writer tells. */
export const LOGS_CHANNEL = 'sealpipe:logs';

/** Counts the events of a log writer, from its first segment on. */
export class LogMetrics {
  readonly #hasStore: boolean;
  readonly #startedAt = Date.now();
  /** How often each event came. */
  readonly #counts = new Map<LogMessage['event'], number>();
  #segment = 0;
  #isWaiting = false;
  #isRunning = true;
  #writer: LogWriter | undefined;
  #durable = 0;
  #durableAt = 0;

  /** @param hasStore whether segments go to a store */
  constructor(hasStore: boolean) {
    this.#hasStore = hasStore;
    subscribe(LOGS_CHANNEL, this.#hear);
  }

  /** The writer has been opened. */
  follow(writer: LogWriter): void {
    this.#writer = writer;
    writer.on('positions', this.#onPositions);
  }

  /** The writer has ended. */
  close(): void {
    unsubscribe(LOGS_CHANNEL, this.#hear);
    this.#isRunning = false;
  }

  /** All metrics in the format of node_exporter; empty until there is a writer. */
  text(): string {
    return this.#writer === undefined ? '' : exposition(this.#metrics(this.#writer));
  }

  readonly #hear = (heard: unknown): void => {
    const { event, index } = heard as LogMessage;
    this.#counts.set(event, this.#countOf(event) + 1);
    if (event === 'open') this.#segment = index;
    else if (event === 'waiting') this.#isWaiting = true;
    else if (event === 'resumed') this.#isWaiting = false;
  };

  #countOf(event: LogMessage['event']): number {
    return this.#counts.get(event) ?? 0;
  }

  readonly #onPositions = ({ durable }: LogPositions): void => {
    if (durable.records <= this.#durable) return;
    this.#durable = durable.records;
    this.#durableAt = Date.now();
  };

  #metrics(writer: LogWriter): Metric[] {
    const { archive, positions, dropped } = writer;
    const appended = appendedTo(writer);
    const one = (value: number): Sample[] => [{ labels: { archive }, value }];
    const reached = { appended, written: positions.written, durable: positions.durable };
    const marks = Object.entries(this.#hasStore ? { ...reached, stored: positions.stored } : reached);
    const of = (unit: keyof LogPosition): Sample[] =>
      marks.map(([position, mark]) => ({ labels: { archive, position }, value: mark[unit] }));
    const until = (unit: keyof LogPosition): Sample[] =>
      marks
        .slice(2)
        .map(([position, mark]) => ({ labels: { archive, position }, value: appended[unit] - mark[unit] }));
    return [
      gauge('running', 'Whether the writer is at work: 0 after its end.', one(Number(this.#isRunning))),
      gauge('start_time_seconds', 'When the writer was started.', one(this.#startedAt / 1_000)),
      gauge(
        'last_durable_time_seconds',
        'When lines became durable last; 0: not since the start.',
        one(this.#durableAt / 1_000),
      ),
      counter('lines_total', 'Lines up to each position, since the start.', of('records')),
      counter('bytes_total', 'Bytes of lines up to each position, since the start.', of('bytes')),
      gauge('backlog_lines', 'Lines that were appended and have not reached the position.', until('records')),
      gauge('backlog_bytes', 'Bytes of these lines.', until('bytes')),
      counter('dropped_lines_total', 'Lines that were dropped because the writer was full.', one(dropped)),
      gauge('segment', 'Index of the segment that was begun last.', one(this.#segment)),
      counter('segments_sealed_total', 'Segments that got their last frame.', one(this.#countOf('sealed'))),
      counter(
        'segments_given_up_total',
        'Segments that could not be written on.',
        one(this.#countOf('given-up')),
      ),
      counter('key_failures_total', 'Calls for the key of a segment that failed.', one(this.#countOf('key'))),
      ...(this.#hasStore ? this.#ofStore(one) : []),
      gauge('waiting', 'Whether nothing can be written at the moment.', one(Number(this.#isWaiting))),
    ];
  }

  #ofStore(one: (value: number) => Sample[]): Metric[] {
    const failures = 'Attempts to store a segment that failed.';
    return [
      counter(
        'segments_stored_total',
        'Segments that are in the store, read back whole.',
        one(this.#countOf('stored')),
      ),
      counter('store_failures_total', failures, one(this.#countOf('not-stored'))),
    ];
  }
}

function gauge(name: string, help: string, samples: Sample[]): Metric {
  return { name: `sealpipe_logs_${name}`, type: 'gauge', help, samples };
}

function counter(name: string, help: string, samples: Sample[]): Metric {
  return { name: `sealpipe_logs_${name}`, type: 'counter', help, samples };
}
