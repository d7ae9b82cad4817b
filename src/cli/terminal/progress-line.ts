import type { Terminal } from './terminal.js';
import { formatDuration, formatSize } from './units.js';

const INTERVAL = 250;
/** Short work shows no progress. */
const DELAY = 750;
const MILLISECOND = 1_000;

/** Shows bytes, rate and time left on a terminal while something runs. One timer; nothing is done per chunk. */
export class ProgressLine {
  readonly #terminal: Terminal;
  readonly #bytesSoFar: () => number;
  readonly #total: number | undefined;
  readonly #started = performance.now();
  #timer: NodeJS.Timeout | undefined;

  /** @param total total number of bytes, if known */
  constructor(terminal: Terminal, bytesSoFar: () => number, total: number | undefined) {
    this.#terminal = terminal;
    this.#bytesSoFar = bytesSoFar;
    this.#total = total;
    if (terminal.showsProgress) this.#timer = setInterval(() => this.#show(), INTERVAL).unref();
  }

  /** Elapsed milliseconds. */
  get elapsed(): number {
    return performance.now() - this.#started;
  }

  end(): void {
    clearInterval(this.#timer);
    this.#terminal.endProgress();
  }

  #show(): void {
    if (this.elapsed < DELAY) return;
    this.#terminal.progress(progressText(this.#bytesSoFar(), this.#total, this.elapsed));
  }
}

/** Such as `1.5 GiB of 3 GiB, 50 %, 512 MiB/s, 3 s left`. */
export function progressText(bytes: number, total: number | undefined, milliseconds: number): string {
  const rate = (bytes / milliseconds) * MILLISECOND;
  const parts = [`${formatSize(bytes)}${total ? ` of ${formatSize(total)}` : ''}`];
  if (total) parts.push(`${Math.floor((Math.min(bytes, total) / total) * 100)} %`);
  parts.push(`${formatSize(Math.round(rate))}/s`);
  if (total && rate > 0 && bytes <= total) {
    parts.push(`${formatDuration(((total - bytes) / rate) * MILLISECOND)} left`);
  }
  return parts.join(', ');
}
