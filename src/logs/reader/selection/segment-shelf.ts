import type { DecryptSettings } from '../../../session/decrypt-options.js';
import type { ArchiveStore } from '../../archive/archive-store.js';
import { OpenedSegment } from '../../archive/reading/opened-segment.js';
import { openListed } from '../../archive/segment-list.js';
import type { SegmentName } from '../../archive/segment-name.js';

/** How many segments stay open: each has a key and a file. */
const MOST_OPEN = 8;

/** The opened segments of one archive. Recently used segments stay open. */
export class SegmentShelf {
  readonly #store: ArchiveStore;
  readonly #archive: string;
  readonly #settings: DecryptSettings;
  readonly #open = new Map<number, OpenedSegment>();
  readonly #recipients = new Map<string, { provider: string; key: string; segments: Set<number> }>();
  readonly #indexes = new Set<number>();

  constructor(store: ArchiveStore, archive: string, settings: DecryptSettings) {
    this.#store = store;
    this.#archive = archive;
    this.#settings = settings;
  }

  /** How many segments were opened. */
  get opened(): number {
    return this.#indexes.size;
  }

  /** The keys that opened them, and how many segments each opened. */
  get keys(): { readonly provider: string; readonly key: string; readonly segments: number }[] {
    return [...this.#recipients.values()].map(({ provider, key, segments }) => ({
      provider,
      key,
      segments: segments.size,
    }));
  }

  /** @throws (rejects) like `OpenedSegment.open` */
  async take(name: SegmentName): Promise<OpenedSegment> {
    const there = this.#open.get(name.index);
    if (there !== undefined) {
      this.#open.delete(name.index);
      this.#open.set(name.index, there);
      return there;
    }
    const segment = await this.#opened(name);
    this.#indexes.add(name.index);
    this.#count(segment);
    this.#open.set(name.index, segment);
    if (this.#open.size > MOST_OPEN) {
      const [oldest] = this.#open.keys();
      await this.giveBack(oldest!);
    }
    return segment;
  }

  /** Closes a segment that is not needed any more. */
  async giveBack(index: number): Promise<void> {
    const segment = this.#open.get(index);
    this.#open.delete(index);
    await segment?.close();
  }

  async close(error?: unknown): Promise<void> {
    for (const segment of this.#open.values()) await segment.close(error).catch(() => undefined);
    this.#open.clear();
  }

  #opened(name: SegmentName): Promise<OpenedSegment> {
    return openListed(this.#store, this.#archive, name, (named) =>
      OpenedSegment.open(this.#store, this.#archive, named, this.#settings),
    );
  }

  #count({ index, recipient: { provider, key } }: OpenedSegment): void {
    const id = `${provider}\0${key}`;
    const used = this.#recipients.get(id) ?? { provider, key, segments: new Set() };
    used.segments.add(index);
    this.#recipients.set(id, used);
  }
}
