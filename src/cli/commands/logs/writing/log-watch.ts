import type { LogWriter } from '../../../../logs/index.js';
import { reason } from '../../../../system-error.js';
import { MetricsFile } from '../../../io/metrics/metrics-file.js';
import { METRICS_NOTES } from '../../../terminal/messages/metrics.js';
import type { Terminal } from '../../../terminal/terminal.js';
import { LogMetrics } from './log-metrics.js';
import { TroubleNotes } from './trouble-notes.js';

/** The receivers of what a log watch reports. */
export interface WatchedLog {
  readonly directory: string;
  /** The file for its metrics; undefined for none. */
  readonly metrics: string | undefined;
  readonly hasStore: boolean;
}

/** Watches a log writer: reports its troubles, and keeps its metrics. */
export class LogWatch {
  readonly #terminal: Terminal;
  readonly #path: string | undefined;
  readonly #notes: TroubleNotes;
  readonly #metrics: LogMetrics;
  #file: MetricsFile | undefined;

  constructor(terminal: Terminal, { directory, metrics, hasStore }: WatchedLog) {
    this.#terminal = terminal;
    this.#path = metrics;
    this.#notes = new TroubleNotes(terminal, directory, hasStore);
    this.#metrics = new LogMetrics(hasStore);
  }

  /** The writer has been opened. */
  follow(writer: LogWriter): void {
    this.#metrics.follow(writer);
    const path = this.#path;
    if (path === undefined) return;
    this.#file = new MetricsFile(path, {
      text: () => this.#metrics.text(),
      failed: (error) => this.#terminal.note(METRICS_NOTES.cannotWrite(path, reason(error))),
    });
  }

  /** It has ended. Never rejects. */
  async close(): Promise<void> {
    this.#notes.close();
    this.#metrics.close();
    await this.#file?.close();
  }
}
