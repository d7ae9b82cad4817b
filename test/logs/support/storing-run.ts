import { expect } from 'vitest';
import { isSealpipeError } from '../../../src/errors.js';
import { parseSegmentName } from '../../../src/logs/archive/segment-name.js';
import type { LogWriter } from '../../../src/logs/writer/log-writer.js';
import type { LogWriterOptions } from '../../../src/logs/writer/options/log-options.js';
import type { CrashState } from '../../support/crash/crash-states.js';
import { crashStates } from '../../support/crash/crash-states.js';
import { killStates } from '../../support/crash/kill-states.js';
import type { DiskState } from '../../support/crash/operations.js';
import { RecordedFiles } from '../../support/crash/recorded-files.js';
import type { FakeForTests } from '../../support/s3/fake-for-tests.js';
import { randomOf } from '../../support/sample.js';
import { contentsOf, textOf } from './archive-contents.js';
import { rebooted } from './machine.js';
import type { BucketState, CrashPlace } from './recorded-store.js';
import { objectsOf, RecordedStore, restoreBucket } from './recorded-store.js';
import { openStoring } from './stored.js';

const DIRECTORY = '/logs';
const MIB = 2 ** 20;
const random = randomOf('crashes of a log writer with a store');

/** How far a run had come once so many operations had been done. */
interface Progress {
  readonly after: number;
  readonly written: number;
  readonly durable: number;
  readonly stored: number;
  /** States of the bucket that had been seen. */
  readonly changes: number;
}

/** A run of a writer with a store, on files in memory: what it took, and what it did. */
export class StoringRun {
  readonly files: RecordedFiles;
  readonly store: RecordedStore;
  /** The lines that were taken. */
  readonly lines: string[] = [];
  readonly progress: Progress[] = [];
  archive = '';
  readonly #here: FakeForTests;
  readonly #options: Partial<LogWriterOptions>;
  #writer: LogWriter | undefined;

  /** @param bucket what is in it; undefined: what is there */
  constructor(
    here: FakeForTests,
    disk: DiskState = new Map(),
    bucket?: BucketState,
    options: Partial<LogWriterOptions> = {},
  ) {
    if (bucket !== undefined) restoreBucket(here, bucket);
    this.#here = here;
    this.files = new RecordedFiles(disk);
    this.store = new RecordedStore(here, this.files);
    this.#options = options;
  }

  async open(): Promise<LogWriter> {
    const { files, store } = this;
    const options = { compress: false, drain: 60_000, client: store.client, ...this.#options } as const;
    const writer = await openStoring(this.#here, DIRECTORY, options, { files, processes: rebooted() });
    this.archive = writer.archive;
    this.#writer = writer;
    writer.on('positions', () => this.#note());
    return writer;
  }

  /** Appends a line, unless it is dropped. A writer that is full is waited for. */
  async append(line: string): Promise<void> {
    const writer = this.#writer!;
    for (;;) {
      const { dropped } = writer;
      try {
        writer.append(line);
        if (writer.dropped === dropped) this.lines.push(line);
        return;
      } catch (error) {
        if (!isSealpipeError(error) || error.code !== 'ERR_SEALPIPE_LIMIT') throw error;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
  }

  /** Ends the writer. Everything is stored then. */
  async end(): Promise<void> {
    expect((await this.#writer!.end()).notStored).toEqual([]);
    this.#note();
  }

  #note(): void {
    const { written, durable, stored } = this.#writer!.positions;
    this.progress.push({
      after: this.files.operations.length,
      written: written.records,
      durable: durable.records,
      stored: stored.records,
      changes: this.store.states.length - 1,
    });
  }

  /** What a kill at any moment leaves. */
  killed(): CrashPlace[] {
    return [...this.store.beside(killStates(this.files.initial, this.files.operations))];
  }

  /** What a power cut at any moment may leave. */
  cut(): CrashPlace[] {
    return [...this.store.beside(crashStates(this.files.initial, this.files.operations, random))];
  }

  /** Lines that had been acknowledged. */
  reached({ after }: CrashState, how: 'written' | 'durable' | 'stored'): number {
    return this.progress.reduce((most, one) => (one.after <= after ? Math.max(most, one[how]) : most), 0);
  }
}

/** The segments of a disk, and of the bucket where the disk has none of that index. */
export function allSegments(disk: DiskState, store: BucketState): DiskState {
  const all = new Map([...disk].filter(([path]) => parseSegmentName(path.split('/').at(-1)!) !== undefined));
  const known = new Set([...all.keys()].map((path) => placeOf(path)));
  for (const [key, bytes] of objectsOf(store)) {
    if (!known.has(placeOf(key))) all.set(`/${key}.open`, bytes);
  }
  return all;
}

/** The archive and the index of a segment, in a folder or in a bucket. */
export function placeOf(path: string): string {
  return path.split('/').slice(-2).join('/').slice(0, 45);
}

/** The objects of a bucket as files of a folder of archives. */
export function inStore(state: BucketState): DiskState {
  return new Map([...objectsOf(state)].map(([key, bytes]) => [`/${key}.open`, bytes]));
}

/** The lines of these segments, which must be chained. Of one that is very long, how it begins. */
export async function linesOf(files: DiskState): Promise<string[]> {
  return textOf(await contentsOf(files)).map((line) => (line.length > MIB ? line.slice(0, 20) : line));
}

/** Up to which index the disk says that segments are stored. */
export function storedBy(disk: DiskState, archive: string): number {
  const file = disk.get(`${DIRECTORY}/${archive}/stored`);
  return file === undefined ? -1 : (JSON.parse(file.toString()) as { index: number }).index;
}
