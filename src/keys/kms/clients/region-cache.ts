import type { KmsClientLike } from '../client-like.js';

/** The most clients that are kept, because hostile streams can name any number of regions. */
const MAX_REGIONS = 64;

/** One client per region, created on first use. */
export class RegionCache {
  readonly #clients = new Map<string, Promise<KmsClientLike>>();

  /** The client of `region`. If creating it failed, the next call tries again. */
  get(region: string, make: () => KmsClientLike | Promise<KmsClientLike>): Promise<KmsClientLike> {
    const known = this.#clients.get(region);
    if (known !== undefined) return known;
    const made = (async () => make())();
    made.catch(() => {
      if (this.#clients.get(region) === made) this.#clients.delete(region);
    });
    const [oldest] = this.#clients.keys();
    if (oldest !== undefined && this.#clients.size >= MAX_REGIONS) this.#clients.delete(oldest);
    this.#clients.set(region, made);
    return made;
  }

  clear(): void {
    this.#clients.clear();
  }
}
