import { randomBytes } from 'node:crypto';
import { open, readdir, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Milliseconds between two checks for changes. */
const INTERVAL = 1_000;
/** Milliseconds after which an unchanged file is written again: its time shows that the process runs. */
const LONGEST = 10_000;
/** Milliseconds that `end` waits for the disk. */
const PATIENCE = 1_000;
/** The collector of metrics is usually another user. */
const MODE = 0o644;
const RANDOM = /^[0-9a-f]{16}\.tmp$/;

/** The content of a metrics file, and the handler of its failures. */
export interface MetricsSource {
  /** The current content; empty if there is none yet. */
  text(): string;
  /** Called once each time the file can no longer be written. */
  failed(error: unknown): void;
}

/**
 * Keeps a metrics file up to date. Each version replaces the previous one by a rename, so that nobody reads an
 * incomplete one. Failures are only reported to the handler.
 */
export class MetricsFile {
  readonly #path: string;
  readonly #source: MetricsSource;
  readonly #timer: NodeJS.Timeout;
  #written = '';
  #writtenAt = Number.NEGATIVE_INFINITY;
  #isFailing = false;
  #writing: Promise<void> | undefined;

  constructor(path: string, source: MetricsSource) {
    this.#path = path;
    this.#source = source;
    this.#timer = setInterval(() => this.#update(), INTERVAL).unref();
    this.#writing = this.#begin();
  }

  /** Writes it a last time, unless the disk is too slow. Never rejects. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const last = Promise.resolve(this.#writing).then(() => this.#write());
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      last,
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, PATIENCE);
      }),
    ]);
    clearTimeout(timer);
  }

  #update(): void {
    if (this.#writing !== undefined) return;
    this.#writing = this.#write();
    void this.#writing.then(() => {
      this.#writing = undefined;
    });
  }

  /** Removes files that a killed process has left. */
  async #begin(): Promise<void> {
    const folder = dirname(this.#path);
    const start = temporaryStart(this.#path);
    const names = await readdir(folder).catch(() => []);
    for (const name of names) {
      if (!name.startsWith(start) || !RANDOM.test(name.slice(start.length))) continue;
      await unlink(join(folder, name)).catch(() => undefined);
    }
    await this.#write();
    this.#writing = undefined;
  }

  async #write(): Promise<void> {
    const text = this.#source.text();
    if (text === '') return;
    if (text === this.#written && performance.now() - this.#writtenAt < LONGEST) return;
    try {
      await replace(this.#path, text);
      this.#written = text;
      this.#writtenAt = performance.now();
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) this.#source.failed(error);
      this.#isFailing = true;
    }
  }
}

async function replace(path: string, text: string): Promise<void> {
  const name = `${temporaryStart(path)}${randomBytes(8).toString('hex')}.tmp`;
  const temporary = join(dirname(path), name);
  const handle = await open(temporary, 'wx', MODE);
  try {
    try {
      await handle.chmod(MODE);
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

/** The prefix of temporary files, whose names never end with `.prom`. */
function temporaryStart(path: string): string {
  return `.${basename(path)}.`;
}
