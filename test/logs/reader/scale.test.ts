import { describe, expect, it } from 'vitest';
import type { ArchiveStore } from '../../../src/logs/archive/archive-store.js';
import { FolderStore } from '../../../src/logs/archive/archive-store.js';
import { parseSegmentName, sealedName } from '../../../src/logs/archive/segment-name.js';
import { ArchiveReading } from '../../../src/logs/reader/archive-reading.js';
import { decryptSettings } from '../../../src/session/decrypt-options.js';
import { openSource } from '../../../src/sources/open-source.js';
import type { ForgedSegment } from '../support/forged-archive.js';
import { archiveId, forgeSegment } from '../support/forged-archive.js';
import { keys } from '../support/reading.js';

/** Ten million lines a day for a year, in segments of 64 MiB: 40 a day of 250,000 lines each. */
const SEGMENTS = 40 * 365;
const LENGTH = 86_400_000 / 40;
const BEGIN = Date.UTC(2026, 0, 1);
const ARCHIVE = archiveId().toString('hex');
const startOf = (index: number): number => BEGIN + index * LENGTH;
const rangeOf = (index: number) => ({ first: startOf(index), last: startOf(index + 1) - 1 });

/** A year of names. Only the segments that somebody opens are made, and only those around `from` can be. */
function year(from: number): { store: ArchiveStore; opened: number[] } {
  const made = new Map<number, ForgedSegment>();
  let previous: string | undefined;
  for (let index = from; index < from + 8; index++) {
    const units = [{ lines: [`line of ${index}`], ...rangeOf(index) }];
    const segment = forgeSegment({ index, units, ...(previous !== undefined && { previous }) });
    made.set(index, segment);
    previous = segment.digest;
  }
  const names = Array.from({ length: SEGMENTS }, (_, index) => sealedName(index, rangeOf(index)));
  const opened: number[] = [];
  const store: ArchiveStore = {
    archives: async () => [ARCHIVE],
    list: async () => names,
    open: async (_, name) => {
      const { index } = parseSegmentName(name)!;
      opened.push(index);
      return openSource(made.get(index)!.stream);
    },
    sizes: async () => new Map(),
    storedElsewhere: async () => undefined,
    segmentOf: parseSegmentName,
    isGone: () => false,
    remove: () => Promise.reject(new Error('Nothing is removed')),
    watch: new FolderStore('').watch,
    close: () => undefined,
  };
  return { store, opened };
}

describe('an hour of a year of 3.65 billion lines', () => {
  it.each([0, 3, 7_000, SEGMENTS - 8])(
    'opens two or three segments and their neighbours, from segment %i on',
    async (from) => {
      const { store, opened } = year(from);
      const since = startOf(from + 3) + 60_000;
      const range = { since, until: since + 3_600_000 };
      const terms = {
        store,
        settings: decryptSettings({ keys }),
        range,
        strict: false,
        follow: false,
        checkpoint: undefined,
      };
      const reading = new ArchiveReading(terms, ARCHIVE);
      const lines: string[] = [];
      for await (const batch of reading.batches()) lines.push(...batch.lines.map(String));
      await reading.close();
      expect(lines).toEqual([3, 4].map((n) => `line of ${from + n}`));
      expect(opened.sort((a, b) => a - b)).toEqual([2, 3, 4, 5].map((n) => from + n));
    },
  );
});
