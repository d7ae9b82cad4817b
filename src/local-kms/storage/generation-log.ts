import type { SealpipeError } from '../../errors.js';
import { isSealpipeError } from '../../errors.js';
import { isError } from '../../realms.js';
import type { RecordCodec } from './record-file.js';
import type { Folder, Storage } from './storage.js';
import { storageError } from './storage.js';

/** The records of a folder. */
export interface Survey<T> {
  readonly records: readonly T[];
  /** One error for each record that cannot be read: it names the file. */
  readonly damaged: readonly SealpipeError[];
}

interface Generation<T> {
  readonly number: number;
  readonly record: T;
}

const REMEDY = 'If a newer sealpipe made it, upgrade this one; otherwise restore it from a backup';
const FILE_NAME = /^([0-9a-f-]+)\.([1-9][0-9]{0,14})\.json$/;

/**
 * Mutable records in immutable files: every change of a record is a new file, `<id>.<generation>.json`, and the one
 * with the highest number is current.
 *
 * Generation n + 1 is created only by a process that has read generation n, and creation is exclusive: of two processes
 * that change the same generation, one wins and the other reads again. There is no other concurrency control, so
 * no lock can be left behind. No generation is ever removed: a number that became free could be taken by a
 * process that has not seen its successor. A record in memory is current if and only if there is no next file.
 */
export class GenerationLog<T> {
  readonly #storage: Storage;
  readonly #folder: Folder;
  readonly #codec: RecordCodec<T>;
  readonly #seen = new Map<string, Generation<T>>();

  constructor(storage: Storage, folder: Folder, codec: RecordCodec<T>) {
    this.#storage = storage;
    this.#folder = folder;
    this.#codec = codec;
  }

  /** The current record, across all processes; undefined if it has never existed. */
  async current(id: string): Promise<T | undefined> {
    return (await this.#latest(id))?.record;
  }

  /**
   * Replaces a record with the result of `update` atomically: no other change comes in between.
   *
   * @param update called with the current record, and again whenever another process was first; it throws to refuse,
   * and returns the given record itself to change nothing
   * @returns the current record, which is durable
   */
  async change(id: string, update: (current: T | undefined) => T | Promise<T>): Promise<T> {
    for (;;) {
      const latest = await this.#latest(id);
      const record = await update(latest?.record);
      if (record === latest?.record) return record;
      const number = (latest?.number ?? 0) + 1;
      if (await this.#storage.create(this.#folder, fileName(id, number), this.#codec.encode(record))) {
        this.#remember(id, { number, record });
        return record;
      }
    }
  }

  /** Every current record, in the order of the ids. */
  async all(): Promise<readonly T[]> {
    const { records, damaged } = await this.survey();
    if (damaged[0] !== undefined) throw damaged[0];
    return records;
  }

  /** The same, but unreadable records are reported instead of thrown. */
  async survey(): Promise<Survey<T>> {
    const records: T[] = [];
    const damaged: SealpipeError[] = [];
    for (const [id, number] of [...(await this.#highest())].sort(([a], [b]) => (a < b ? -1 : 1))) {
      try {
        const latest = await this.#latest(id, number);
        if (latest !== undefined) records.push(latest.record);
      } catch (error) {
        if (!isSealpipeError(error)) throw error;
        damaged.push(error);
      }
    }
    return { records, damaged };
  }

  /** @param listed the highest number in a recent listing, if any */
  async #latest(id: string, listed?: number): Promise<Generation<T> | undefined> {
    const seen = this.#seen.get(id);
    if (seen !== undefined) {
      // If a file was removed, its record no longer exists, so that a lost key does not go on sealing.
      if (await this.#storage.has(this.#folder, fileName(id, seen.number))) return this.#follow(id, seen);
      this.#seen.delete(id);
    }
    const number = listed ?? (await this.#highest()).get(id);
    return number === undefined ? undefined : this.#follow(id, await this.#read(id, number));
  }

  async #follow(id: string, from: Generation<T> | undefined): Promise<Generation<T> | undefined> {
    let latest = from;
    while (latest !== undefined) {
      const next = await this.#read(id, latest.number + 1);
      if (next === undefined) return latest;
      latest = next;
    }
    return undefined;
  }

  async #read(id: string, number: number): Promise<Generation<T> | undefined> {
    const name = fileName(id, number);
    const content = await this.#storage.read(this.#folder, name);
    if (content === undefined) return undefined;
    try {
      const generation = { number, record: this.#codec.decode(content, id) };
      this.#remember(id, generation);
      return generation;
    } catch (error) {
      const path = this.#storage.locate(this.#folder, name);
      const reason = isError(error) ? error.message : String(error);
      throw storageError(`${path} is not a file of the embedded KMS, or is damaged: ${reason}`, {
        hint: REMEDY,
        cause: error,
      });
    }
  }

  #remember(id: string, generation: Generation<T>): void {
    if (generation.number > (this.#seen.get(id)?.number ?? 0)) this.#seen.set(id, generation);
  }

  /** The highest generation number of each id that the folder lists. */
  async #highest(): Promise<Map<string, number>> {
    const highest = new Map<string, number>();
    for (const name of await this.#storage.list(this.#folder)) {
      const [, id, digits] = FILE_NAME.exec(name) ?? [];
      if (id === undefined || digits === undefined) continue;
      highest.set(id, Math.max(Number(digits), highest.get(id) ?? 0));
    }
    return highest;
  }
}

function fileName(id: string, number: number): string {
  return `${id}.${number}.json`;
}
