// @ts-check

/**
 * Keeps glibc's malloc from giving memory back to the system at every collection, only to fault it in again page by
 * page. By default it does so or not depending on what happens to lie at the end of its heap, which is the history of
 * the process and not the stream: the same stream then takes three times as long, or not. Other allocators ignore this.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const STEADY_MALLOC = {
  MALLOC_TRIM_THRESHOLD_: String(2 ** 30),
  MALLOC_TOP_PAD_: String(2 ** 26),
  // Where a threshold is set, this one no longer grows by itself: the most that it would grow to.
  MALLOC_MMAP_THRESHOLD_: String(2 ** 25),
};
