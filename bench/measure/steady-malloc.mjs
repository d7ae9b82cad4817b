// @ts-check

/**
 * Keeps glibc's malloc from giving memory back to the system at every collection, only to fault it in again page by
 * page. By default, whether malloc does that depends on what lies at the end of its heap: on the history of the
 * process, not on the stream. The same stream may then take three times as long. Other allocators ignore these
 * variables.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const STEADY_MALLOC = {
  MALLOC_TRIM_THRESHOLD_: String(2 ** 30),
  MALLOC_TOP_PAD_: String(2 ** 26),
  // Once a threshold is set, this one no longer grows by itself: this is the most that it would grow to.
  MALLOC_MMAP_THRESHOLD_: String(2 ** 25),
};
