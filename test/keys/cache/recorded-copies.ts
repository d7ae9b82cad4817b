import type * as bytes from '../../../src/bytes.js';

const copies: Buffer[] = [];

/**
 * `src/bytes.ts`, remembering every copy that is made.
 *
 * @example
 * vi.mock('../../../src/bytes.js', async (original) =>
 *   (await import('./recorded-copies.js')).recording(await original()));
 */
export function recording(original: typeof bytes): typeof bytes {
  return {
    ...original,
    copyOf(source: Uint8Array): Buffer {
      const copy = original.copyOf(source);
      copies.push(copy);
      return copy;
    },
  };
}

/** The copies of what begins with `marker` that were made and have not been wiped since. */
export function unwiped(marker: Uint8Array): Buffer[] {
  return copies.filter((copy) => copy.subarray(0, marker.length).equals(marker));
}

/** How many copies were made since the last time that this was asked. */
export function forgetCopies(): number {
  return copies.splice(0).length;
}
